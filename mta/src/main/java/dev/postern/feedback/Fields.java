package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.message.HeaderField;
import dev.postern.message.MailDate;
import dev.postern.message.MessageHeader;
import dev.postern.mime.HeaderText;
import dev.postern.smtp.Utf8AddrXtext;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A group of fields in a part for programs, and the forms of their values.
///
/// @param header the fields
record Fields(MessageHeader header) {
    /// A field's text on one line, if it is there and not empty.
    Optional<String> text(String name) {
        return header.first(name).map(Fields::text).filter(text -> !text.isEmpty());
    }

    /// The texts of all fields of a name, as many as a report may have of them.
    List<String> texts(String name) {
        return header.named(name).stream()
                .limit(AbuseReport.MOST_REPEATED)
                .map(Fields::text)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static String text(HeaderField field) {
        return Words.clean(HeaderText.of(field.unfolded()));
    }

    /// The first word of a field, as `5.0.0` of `5.0.0 (permanent failure)`.
    Optional<String> word(String name) {
        return text(name).map(text -> text.split("[ (;]", 2)[0]).filter(word -> !word.isEmpty());
    }

    /// What stands behind the type of a value, as `mx.example.org` in `dns; mx.example.org`; an
    /// address of the type `utf-8` is decoded (RFC 6533 §3).
    Optional<String> typed(String name) {
        return text(name).map(text -> {
            int semicolon = text.indexOf(';');
            String value = text.substring(semicolon + 1).strip();
            return semicolon == 5 && text.regionMatches(true, 0, "utf-8", 0, 5)
                    ? Utf8AddrXtext.decode(value).orElse(value)
                    : value;
        });
    }

    /// A path without its angle brackets.
    static String bare(String path) {
        return path.startsWith("<") && path.endsWith(">")
                ? path.substring(1, path.length() - 1).strip()
                : path;
    }

    /// A date-time (RFC 5322 §3.3).
    Optional<Instant> date(String name) {
        return text(name).flatMap(MailDate::parse);
    }

    /// An IP address, in brackets or not.
    Optional<InetAddress> address(String name) {
        return word(name)
                .map(word -> word.startsWith("[") && word.endsWith("]") ? word.substring(1, word.length() - 1) : word)
                .flatMap(IpText::ip);
    }

    /// The domains that the fields of a name have, those that are none left out.
    List<DomainName> domains(String name) {
        return texts(name).stream()
                .map(DomainName::parse)
                .flatMap(Optional::stream)
                .toList();
    }
}
