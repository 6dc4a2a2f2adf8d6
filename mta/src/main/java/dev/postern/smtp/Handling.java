package dev.postern.smtp;

import java.time.Duration;
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
    /// no less protected (RFC 8689 §5), and it is as urgent (RFC 6710 §4.6).
    public Handling ofReport() {
        return usual().requiringTls(requireTls).withPriority(priority);
    }

    /// The same, to travel under TLS only or not.
    public Handling requiringTls(boolean required) {
        return new Handling(required, deliverBy, release, priority);
    }

    /// As every message is handled of which nothing was said.
    public static Handling usual() {
        return USUAL;
    }

    /// The same for a message that is taken so long after it was asked for.
    public Handling after(Duration passed) {
        return deliverBy.isEmpty()
                ? this
                : new Handling(requireTls, deliverBy.map(by -> by.after(passed)), release, priority);
    }

    /// The same with another time by which it is to be delivered.
    public Handling withDeliverBy(Optional<DeliverBy> other) {
        return new Handling(requireTls, other, release, priority);
    }

    /// The same, to leave at once: whoever it is passed on to shall not keep it.
    public Handling released() {
        return new Handling(requireTls, deliverBy, Optional.empty(), priority);
    }

    /// The same with a priority.
    public Handling withPriority(Optional<Priority> other) {
        return new Handling(requireTls, deliverBy, release, other);
    }

    /// How urgent it is.
    public Priority urgency() {
        return priority.orElse(Priority.USUAL);
    }
}
