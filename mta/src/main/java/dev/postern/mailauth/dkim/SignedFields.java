package dev.postern.mailauth.dkim;

import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The fields of a header by their names, from which signatures choose.
///
/// @rfc 6376 §5.4.2
public final class SignedFields {
    // By which a reader is told who wrote what; a message has one of each (RFC 5322 §3.6).
    private static final Set<String> SINGLE =
            Set.of("from", "sender", "reply-to", "subject", "date", "content-type", "content-transfer-encoding");

    private final Map<String, List<HeaderField>> fields = new HashMap<>();

    /// The fields of this header.
    public SignedFields(MessageHeader header) {
        for (HeaderField field : header.fields()) {
            fields.computeIfAbsent(field.name().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(field);
        }
    }

    /// How many fields of a name there are.
    ///
    /// @param name in lower case
    public int count(String name) {
        return fields.getOrDefault(name, List.of()).size();
    }

    /// The fields of which there may be only one and are more than a signature goes over.
    ///
    /// @param names those that it names, in lower case
    List<String> beyond(List<String> names) {
        return names.stream()
                .distinct()
                .filter(name -> SINGLE.contains(name) && count(name) > Math.max(1, Collections.frequency(names, name)))
                .toList();
    }

    /// The names that a signature goes over more often than there are fields of them.
    ///
    /// @param names those that it names, in lower case
    List<String> closed(List<String> names) {
        return names.stream()
                .distinct()
                .filter(name -> Collections.frequency(names, name) > count(name))
                .toList();
    }

    /// The octets over which a signature goes.
    ///
    /// @param names in lower case; a name that is there several times takes the fields from the
    ///     bottom up, and nothing where none is left
    /// @param own the field of the signature, which stands at the end with an empty `b=` and is no
    ///     candidate for the names
    @SuppressWarnings("ReferenceEquality") // the field itself is left out, not one that reads the same
    public byte[] octets(List<String> names, HeaderField own, Canonicalization form) {
        Map<String, Integer> left = new HashMap<>();
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            List<HeaderField> candidates = fields.getOrDefault(name, List.of());
            int at = left.getOrDefault(name, candidates.size()) - 1;
            while (at >= 0 && candidates.get(at) == own) {
                at--;
            }
            if (at >= 0) {
                text.append(form.header(candidates.get(at))).append("\r\n");
            }
            left.put(name, Math.max(at, 0));
        }
        text.append(form.header(HeaderField.of(withoutSignature(own.text()))));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// The text of a field whose `b=` tag has no value any more; everything else stays as it is.
    ///
    /// @rfc 6376 §3.5
    public static String withoutSignature(String text) {
        int begin = text.indexOf(':') + 1;
        while (begin < text.length()) {
            int semicolon = text.indexOf(';', begin);
            int end = semicolon < 0 ? text.length() : semicolon;
            int equals = text.indexOf('=', begin);
            if (equals >= 0
                    && equals < end
                    && text.substring(begin, equals).strip().equals("b")) {
                return text.substring(0, equals + 1) + text.substring(end);
            }
            begin = end + 1;
        }
        return text;
    }
}
