package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.TagList;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.mime.HeaderText;
import java.util.List;
import java.util.Optional;

/// The header of the message that a report is about, as far as it came back: what ties the report to
/// the message.
public record ReturnedHeader(MessageHeader header) {
    /// Nothing came back.
    public static final ReturnedHeader NONE =
            new ReturnedHeader(new MessageHeader(List.of(), MessageHeader.Ending.END));

    /// Whether nothing came back.
    public boolean isEmpty() {
        return header.fields().isEmpty();
    }

    /// The Message-ID, without angle brackets.
    public Optional<String> messageId() {
        return text("Message-ID").map(ReturnedHeader::bare).filter(id -> !id.isEmpty());
    }

    /// A field's text on one line, if it is there.
    public Optional<String> text(String name) {
        return header.first(name).map(ReturnedHeader::text);
    }

    /// The Received fields from the newest to the oldest, each on one line.
    public List<String> received() {
        return header.named("Received").stream().map(ReturnedHeader::text).toList();
    }

    /// The domains that signed the message (`d=` of DKIM), each once, the topmost first.
    public List<DomainName> signers() {
        return header.named("DKIM-Signature").stream()
                .map(ReturnedHeader::signer)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static String text(HeaderField field) {
        return Words.clean(HeaderText.of(field.unfolded()));
    }

    private static Optional<DomainName> signer(HeaderField signature) {
        try {
            return TagList.parse(signature.unfolded()).value("d").flatMap(DomainName::parse);
        } catch (TagList.BadTagListException noSignature) {
            return Optional.empty(); // what cannot be read names nobody
        }
    }

    private static String bare(String id) {
        int open = id.indexOf('<');
        int close = id.indexOf('>', open + 1);
        return open >= 0 && close > open ? id.substring(open + 1, close).strip() : id;
    }
}
