package dev.postern.transport;

import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.spool.SpooledMessage;
import dev.postern.tlspolicy.hops.TlsWish;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Where a message goes, and so what of its sender's wishes goes with it.
sealed interface Handover {
    /// To another server, which takes it over.
    ///
    /// @param clock tells how much is left of the time within which it is to be delivered
    record ToServer(InstantSource clock) implements Handover {}

    /// To whoever writes it into an inbox: that is the delivery, and reports stay with us.
    record IntoInbox() implements Handover {}

    /// Whether it leaves our responsibility for good.
    default boolean relays() {
        return this instanceof ToServer;
    }

    /// What the sender of a message wants of TLS on this way; where both are said, REQUIRETLS holds (RFC 8689 §3).
    ///
    /// @rfc 8689 §4.2
    default TlsWish wish(SpooledMessage message) {
        if (!relays()) {
            return TlsWish.USUAL;
        }
        if (message.parameters().handling().requireTls()) {
            return message.reversePath().isNull() ? TlsWish.PREFERRED : TlsWish.REQUIRED;
        }
        return message.traits().tlsOptional() ? TlsWish.NOT_REQUIRED : TlsWish.USUAL;
    }

    /// Whether nothing but its return may become of a message now (RFC 2852 §4.1.4.1).
    default boolean isTooLate(SpooledMessage message) {
        return this instanceof ToServer(InstantSource clock) && message.isTooLate(clock.instant());
    }

    /// What is asked for with MAIL now: the time that is left, and the priority also where none was given (RFC 6710
    /// §4.2). That it was held back is over.
    default MailParameters passedOn(SpooledMessage message) {
        MailParameters asked = message.parameters();
        Handling now = asked.handling()
                .released()
                .withPriority(Optional.of(asked.handling().urgency()));
        return switch (this) {
            case ToServer(InstantSource clock) ->
                asked.withHandling(
                        now.withDeliverBy(message.deliverBy().flatMap(time -> left(now, time, clock.instant()))));
            case IntoInbox() ->
                new MailParameters(
                        asked.size(),
                        asked.body(),
                        asked.smtpUtf8(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        now.withDeliverBy(Optional.empty()));
        };
    }

    private static Optional<DeliverBy> left(Handling handling, Instant time, Instant now) {
        long seconds = Duration.between(now, time).toSeconds();
        return handling.deliverBy()
                .map(by -> new DeliverBy(
                        Math.clamp(
                                seconds,
                                by.mode() == DeliverBy.Mode.RETURN ? 1 : -DeliverBy.MAX_SECONDS,
                                DeliverBy.MAX_SECONDS),
                        by.mode(),
                        by.trace()));
    }
}
