package dev.postern.smtpclient;

import dev.postern.smtp.BodyType;
import dev.postern.smtp.Capabilities;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Notify;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What a message needs, against what a server can do.
///
/// Nothing is converted: a content with octets above 127 does not go to a server without 8BITMIME (RFC 6152 §3 lets
/// the client return it), one that is no lines not to a server without BINARYMIME (RFC 3030 §3), and what is
/// international not to one without SMTPUTF8 (RFC 6531 §3.2). What was declared without need is not passed on: a
/// content of seven bits goes out without BODY. A header above 127 that came without
/// SMTPUTF8 is carried as the 8-bit content that it was taken for.
///
/// What must travel under TLS only goes on to a proven server that promises the same; into an inbox it goes without
/// that promise, though not in the clear over a network; and a report from the null path goes on as well as it can (RFC
/// 8689 §4.2.1, §5).
final class Fitness {
    private final Transmission transmission;
    private final SmtpClient.Terms terms;
    private final Capabilities server;

    Fitness(Transmission transmission, SmtpClient.Terms terms) {
        this.transmission = transmission;
        this.terms = terms;
        this.server = terms.capabilities();
    }

    /// Why the message may not go through this session, though perhaps through another; empty if it may.
    Optional<RecipientResult.Unprotected> protection() {
        if (!transmission.parameters().handling().requireTls()
                || transmission.reversePath().isNull()) {
            return Optional.empty();
        }
        boolean last = terms.protocol() == Dialect.Protocol.LMTP;
        if (terms.secrecy().compareTo(last ? Secrecy.FROM_LISTENERS : Secrecy.FROM_ALL) < 0) {
            return unprotected(
                    "5.7.10", "the message requires TLS" + (last ? "" : " with a proven server") + " (REQUIRETLS)");
        }
        return last || server.has(Extension.REQUIRETLS)
                ? Optional.empty()
                : unprotected(
                        "5.7.30", "the message requires TLS all the way, and the server does not offer REQUIRETLS");
    }

    /// Why the message cannot go to anybody on this server; empty if it can.
    Optional<RecipientResult.Unfit> message() {
        OptionalLong most = server.maxSize();
        if (most.isPresent() && transmission.size() > most.getAsLong()) {
            return unfit(
                    "5.3.4",
                    "the message has " + transmission.size() + " octets, the server takes " + most.getAsLong());
        }
        if (isBinary() && !(server.has(Extension.BINARY_MIME) && server.has(Extension.CHUNKING))) {
            return unfit("5.6.3", "the message is no lines of text, and the server does not offer BINARYMIME");
        }
        if (!isBinary() && eightBit() && !server.has(Extension.EIGHT_BIT_MIME)) {
            return unfit("5.6.3", "the message has 8-bit octets, and the server does not offer 8BITMIME");
        }
        Optional<RecipientResult.Unfit> late = deliverBy();
        if (late.isPresent() || server.has(Extension.SMTPUTF8)) {
            return late;
        }
        if (transmission.reversePath().isInternational()) {
            return unfit("5.6.7", "the sender's address is international, and the server does not offer SMTPUTF8");
        }
        if (transmission.parameters().smtpUtf8() && eightBitHeader()) {
            return unfit("5.6.9", "the header is international, and the server does not offer SMTPUTF8");
        }
        return Optional.empty();
    }

    /// Why a message that is to be returned rather than be late cannot go to this server (RFC 2852 §4.1.4.1).
    private Optional<RecipientResult.Unfit> deliverBy() {
        Optional<DeliverBy> by =
                transmission.parameters().handling().deliverBy().filter(asked -> asked.mode() == DeliverBy.Mode.RETURN);
        if (by.isEmpty()) {
            return Optional.empty();
        }
        if (!server.has(Extension.DELIVERBY)) {
            return unfit(
                    "5.3.3",
                    "the message is to be delivered in time or returned, and the server does not offer DELIVERBY");
        }
        return by.get().seconds() < server.leastDeliverBy()
                ? unfit(
                        "5.4.7",
                        "the message is to be delivered within " + by.get().seconds() + " seconds, the server asks for "
                                + server.leastDeliverBy())
                : Optional.empty();
    }

    /// A recipient as the server is told of it: where it does not watch over the time by which the message is to be
    /// delivered, it is asked to report a delay (RFC 2852 §4.1.4.2).
    Recipient told(Recipient recipient) {
        boolean asked = transmission.parameters().handling().deliverBy().isPresent();
        Optional<Notify> wishes = recipient.parameters().notifyOn();
        if (!asked
                || server.has(Extension.DELIVERBY)
                || wishes.filter(Notify.never()::equals).isPresent()) {
            return recipient;
        }
        Set<Notify.Event> events = EnumSet.of(Notify.Event.DELAY);
        events.addAll(recipient.parameters().effectiveNotify().events());
        return new Recipient(
                recipient.path(),
                new RcptParameters(
                        Optional.of(new Notify(events)), recipient.parameters().originalRecipient()));
    }

    /// Why the message cannot go to one recipient; empty if it can.
    Optional<RecipientResult.Unfit> recipient(Recipient recipient) {
        return recipient.path().isInternational() && !server.has(Extension.SMTPUTF8)
                ? unfit("5.6.7", "the address is international, and the server does not offer SMTPUTF8")
                : Optional.empty();
    }

    /// What is declared with MAIL.
    MailParameters parameters(List<Recipient> recipients) {
        MailParameters asked = transmission.parameters();
        boolean international = asked.smtpUtf8()
                || transmission.reversePath().isInternational()
                || recipients.stream().anyMatch(r -> r.path().isInternational());
        return new MailParameters(
                OptionalLong.of(transmission.size()),
                isBinary() ? BodyType.BINARY_MIME : eightBit() ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT,
                international,
                asked.ret(),
                asked.envelopeId(),
                Optional.empty(),
                handling(asked.handling()));
    }

    /// TLS is required of proven servers only: no other could keep the promise (RFC 8689 §2).
    private Handling handling(Handling asked) {
        return asked.requiringTls(asked.requireTls() && terms.secrecy() == Secrecy.FROM_ALL);
    }

    /// Whether the content can only be sent as it is in chunks, as BINARYMIME.
    boolean isBinary() {
        return transmission.traits().binary();
    }

    private boolean eightBit() {
        return transmission.traits().eightBit() || eightBitHeader();
    }

    private boolean eightBitHeader() {
        return transmission.traits().eightBitHeader() || transmission.eightBitTrace();
    }

    private static Optional<RecipientResult.Unprotected> unprotected(String status, String why) {
        return Optional.of(new RecipientResult.Unprotected(EnhancedStatus.of(status), why));
    }

    private static Optional<RecipientResult.Unfit> unfit(String status, String why) {
        return Optional.of(new RecipientResult.Unfit(EnhancedStatus.of(status), why));
    }
}
