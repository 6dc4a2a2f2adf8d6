package dev.postern.forward;

import dev.postern.dns.DomainName;
import dev.postern.message.DisplayText;
import dev.postern.message.EncodedWords;
import dev.postern.message.HeaderField;
import dev.postern.message.MailDate;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.ContentSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// A message of ours that holds the original, octet for octet, as `message/rfc822`.
///
/// The fields by which loops are seen stand on the outside too, so that wrapping does not make a message young again.
///
/// @param author who stands in for the author of the original
/// @param cover what else is written on the outside
/// @rfc 2046 §5.2.1
public record WrappedMessage(StandIn author, Cover cover) implements CopyForm {
    private static final int LONGEST_SUBJECT = 200;

    /// How much of a subject is read, in octets.
    private static final int MOST_OCTETS = 4096;

    private static final Set<String> WAY = Set.of("received", "delivered-to");

    /// What is written on the outside.
    ///
    /// @param date when the message is wrapped
    /// @param name what its Message-ID begins with: an atom that no other message gets
    /// @param domain of ours, of its Message-ID
    /// @param to the address that is led on; empty: several, and none may learn of the others
    public record Cover(Instant date, String name, DomainName domain, Optional<Mailbox> to) {}

    @Override
    public void write(Content original, ContentTraits traits, ContentSink to) throws IOException {
        MessageHeader header;
        try (InputStream octets = original.open()) {
            header = MessageReader.read(octets, LONGEST_HEADER).header();
        }
        for (HeaderField field : outside(header, traits)) {
            Octets.write(field, to);
        }
        Octets.write("\r\n", to);
        try (InputStream octets = original.open()) {
            Octets.write(octets, to);
        }
    }

    private List<HeaderField> outside(MessageHeader header, ContentTraits traits) {
        List<HeaderField> fields = new ArrayList<>(header.fields().stream()
                .filter(field -> WAY.contains(field.name().toLowerCase(Locale.ROOT)))
                .toList());
        fields.add(author.from());
        fields.add(author.replyTo());
        String recipient = cover.to()
                .filter(one -> !one.isInternational())
                .map(one -> "<" + one + ">")
                .orElse("undisclosed-recipients:;");
        fields.add(HeaderField.folded("To", List.of(recipient)));
        fields.add(HeaderField.folded("Subject", subject(header)));
        fields.add(HeaderField.of("Date: " + MailDate.format(cover.date())));
        fields.add(HeaderField.of("Message-ID: <" + cover.name() + "@" + cover.domain() + ">"));
        fields.add(HeaderField.of("MIME-Version: 1.0"));
        // RFC 2046 §5.2.1: nothing is encoded; a header beyond ASCII makes it another type (RFC 6532 §3.7)
        fields.add(HeaderField.of("Content-Type: message/" + (traits.eightBitHeader() ? "global" : "rfc822")));
        fields.add(HeaderField.of("Content-Transfer-Encoding: " + encoding(traits)));
        return fields;
    }

    private static String encoding(ContentTraits traits) {
        return traits.binary() ? "binary" : traits.eightBit() || traits.eightBitHeader() ? "8bit" : "7bit";
    }

    private static List<String> subject(MessageHeader header) {
        String octets = header.first("Subject").map(HeaderField::unfolded).orElse("");
        String text = new String(
                octets.substring(0, Math.min(octets.length(), MOST_OCTETS)).getBytes(StandardCharsets.ISO_8859_1),
                StandardCharsets.UTF_8);
        return DisplayText.of("Fwd: " + EncodedWords.decode(text), LONGEST_SUBJECT)
                .words();
    }
}
