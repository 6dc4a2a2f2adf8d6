package dev.postern.transport;

import dev.postern.dns.DomainName;
import dev.postern.route.Route;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Messages for the tests, built a step at a time.
final class Mail {
    static final String TRACE = "Received: from a by b; Mon, 1 Jan 2029 00:00:00 +0000\r\n";

    static final Instant ARRIVED = Instant.parse("2029-01-01T00:00:00Z");

    private final byte[] octets;
    private final List<Consignment.Stop> stops = new ArrayList<>();
    private ReversePath sender = mailbox("alice@example.org");
    private MailParameters parameters = MailParameters.none();
    private boolean binary;
    private boolean tlsOptional;

    private Mail(byte[] octets) {
        this.octets = octets;
    }

    static Mail saying(String content) {
        return new Mail(content.getBytes(StandardCharsets.UTF_8));
    }

    static Mailbox mailbox(String text) {
        int at = text.lastIndexOf('@');
        return Mailbox.of(text.substring(0, at), DomainName.of(text.substring(at + 1)));
    }

    Mail from(ReversePath other) {
        sender = other;
        return this;
    }

    Mail fromNobody() {
        return from(new NullPath());
    }

    Mail asking(MailParameters other) {
        parameters = other;
        return this;
    }

    /// A message whose content is no lines.
    Mail binary() {
        binary = true;
        return asking(parameters.withBody(BodyType.BINARY_MIME));
    }

    /// A message whose header says `TLS-Required: No`.
    Mail tlsOptional() {
        tlsOptional = true;
        return this;
    }

    Mail to(Recipient recipient, Route route) {
        stops.add(new Consignment.Stop(recipient, route));
        return this;
    }

    Mail toInbox(String inbox) {
        return toInbox(mailbox(inbox), Optional.empty());
    }

    Mail toInbox(Mailbox inbox, Optional<String> detail) {
        return to(Recipient.of(inbox), new Route.Local("test", inbox, detail));
    }

    Consignment consignment() {
        return consignment(Content.of(octets));
    }

    Consignment consignment(Content content) {
        boolean eightBit = false;
        for (byte b : octets) {
            eightBit |= b < 0;
        }
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        boolean eightBitHeader =
                text.substring(0, end < 0 ? text.length() : end).chars().anyMatch(c -> c > 127);
        int longest = text.lines().mapToInt(String::length).max().orElse(0);
        Instant now = ARRIVED;
        SpooledMessage message = new SpooledMessage(
                new QueueId(42),
                now,
                Origin.report(),
                sender,
                parameters,
                TRACE,
                new ContentTraits(octets.length, eightBit, eightBitHeader, binary, longest, tlsOptional),
                stops.stream()
                        .map(s -> RecipientState.fresh(s.recipient(), Optional.empty(), now))
                        .toList(),
                false);
        return new Consignment(message, content, stops);
    }
}
