package dev.postern.intake;

import dev.postern.dns.DomainName;
import dev.postern.message.MailDate;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// Writes the header fields that go on top of a message; the one place where what a peer said gets
/// into a header, each value reduced to characters that cannot mean anything there.
///
/// @rfc 5321 §4.4
final class TraceFields {
    private static final int LONGEST_VALUE = 255;

    private TraceFields() {}

    /// The Received field (RFC 5321 §4.4), with CRLF at its end.
    static String received(DomainName hostname, QueueId id, Origin origin, Envelope envelope, Instant now) {
        StringBuilder field = new StringBuilder(256).append("Received: ");
        if (origin.peer().isPresent() || origin.helo().isPresent()) {
            field.append("from ").append(atom(origin.helo().orElse("unknown")));
            origin.peer()
                    .ifPresent(peer -> field.append(" ([").append(atom(peer)).append("])"));
            field.append("\r\n\t");
        }
        field.append("by ").append(hostname).append(" with ").append(atom(origin.protocol()));
        origin.tls().ifPresent(tls -> field.append(" (").append(words(tls)).append(")"));
        field.append(" id ").append(id).append("\r\n\t");
        if (envelope.recipients().size() == 1
                && envelope.recipients().getFirst().path() instanceof Mailbox only
                && isAscii(only.toString())) {
            field.append("for <")
                    .append(only)
                    .append('>')
                    .append(priority(envelope))
                    .append("; ");
        } else {
            field.insert(field.length() - 3, priority(envelope) + ";");
        }
        return field.append(MailDate.format(now)).append("\r\n").toString();
    }

    /// The clause that says how urgent a message was taken to be (RFC 6710 §7).
    private static String priority(Envelope envelope) {
        return envelope.parameters()
                .handling()
                .priority()
                .map(priority -> " PRIORITY " + priority)
                .orElse("");
    }

    /// The field that says which address of ours leads a message away (RFC 9228), with CRLF at its end; none where
    /// nobody does.
    static String deliveredTo(Optional<Mailbox> ledBy) {
        return ledBy.map(address -> "Delivered-To: " + octets(address) + "\r\n").orElse("");
    }

    /// An address as octets of UTF-8, one char each (RFC 6532 §3.2).
    private static String octets(Mailbox address) {
        return new String(address.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// A Date field (RFC 5322 §3.6.1).
    static String date(Instant now) {
        return "Date: " + MailDate.format(now) + "\r\n";
    }

    /// A Message-ID field (RFC 5322 §3.6.4), unique since the queue id is.
    static String messageId(DomainName hostname, QueueId id) {
        return "Message-ID: <" + id + "@" + hostname + ">\r\n";
    }

    private static String atom(String value) {
        return reduced(value, "");
    }

    private static String words(String value) {
        return reduced(value, " ");
    }

    private static String reduced(String value, String alsoAllowed) {
        StringBuilder safe = new StringBuilder(Math.min(value.length(), LONGEST_VALUE));
        for (int i = 0; i < value.length() && i < LONGEST_VALUE; i++) {
            char c = value.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || ".:_-/[]".indexOf(c) >= 0
                    || alsoAllowed.indexOf(c) >= 0;
            safe.append(plain ? c : '?');
        }
        return safe.isEmpty() ? "unknown" : safe.toString();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 127);
    }
}
