package dev.postern.smtp;

import java.util.Optional;

/// How the sender wants the message to be handled on its way, beyond its delivery.
///
/// @param requireTls whether it may travel under TLS only (RFC 8689 §2)
/// @param deliverBy by when it is to be delivered (RFC 2852)
/// @param release when it may leave us at the earliest (RFC 4865)
/// @param priority its priority, where one was asked for (RFC 6710)
public record Handling(
        boolean requireTls,
        Optional<DeliverBy> deliverBy,
        Optional<FutureRelease> release,
        Optional<Priority> priority) {
    private static final Handling USUAL = new Handling(false, Optional.empty(), Optional.empty(), Optional.empty());

    /// How a report on a message that is handled so is handled itself: it may tell what the message held, so it travels
    /// no less protected (RFC 8689 §5).
    public Handling ofReport() {
        return usual().requiringTls(requireTls);
    }

    /// The same, to travel under TLS only or not.
    public Handling requiringTls(boolean required) {
        return new Handling(required, deliverBy, release, priority);
    }

    /// As every message is handled of which nothing was said.
    public static Handling usual() {
        return USUAL;
    }
}
