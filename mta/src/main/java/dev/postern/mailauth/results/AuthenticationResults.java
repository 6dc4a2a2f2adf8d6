package dev.postern.mailauth.results;

import dev.postern.message.HeaderField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one server found out about a message.
///
/// ```
/// authres-payload = [CFWS] authserv-id [CFWS authres-version] (no-result / 1*resinfo) [CFWS]
/// no-result       = [CFWS] ";" [CFWS] "none"
/// resinfo         = [CFWS] ";" methodspec [CFWS reasonspec] [CFWS 1*propspec]
/// ```
///
/// @param authservId the name of the server, which its readers trust
/// @param results each method's result, possibly none
/// @spec https://www.rfc-editor.org/rfc/rfc8601 RFC 8601
public record AuthenticationResults(String authservId, List<MethodResult> results) {
    /// The name of the field.
    public static final String NAME = "Authentication-Results";

    private static final int LINE = 78;
    private static final String FOLD = "\r\n\t";

    /// @throws IllegalArgumentException if the identifier is empty or cannot be written as it is
    public AuthenticationResults {
        if (authservId.isEmpty() || !Written.clean(authservId).equals(authservId)) {
            throw new IllegalArgumentException("not an authserv-id: " + authservId);
        }
        results = List.copyOf(results);
    }

    /// The results that the body of a field is, or what stands behind the instance in an
    /// ARC-Authentication-Results field; empty if it is none, or too long.
    ///
    /// @param payload in ISO 8859-1, one char an octet
    public static Optional<AuthenticationResults> parse(String payload) {
        return ResultsReader.read(payload);
    }

    /// Whether a field says that this server wrote it. In doubt it does: what is no good field, so
    /// that some reader may see the name in it, claims every name.
    public static boolean claims(HeaderField field, String authservId) {
        return field.is(NAME) && Claim.isMadeBy(field.body(), authservId);
    }

    /// The field.
    ///
    /// @param international whether the message is, so that characters beyond ASCII may be written
    ///     (RFC 6532); else they are replaced by `_`
    public HeaderField field(boolean international) {
        return HeaderField.of(NAME + ": " + payload(international));
    }

    /// The text of the field without its name, folded, to be read again by {@link #parse}; the same
    /// stands in an ARC-Authentication-Results field behind the instance (RFC 8617 §4.1.1).
    ///
    /// @param international as for the field
    /// @return in ISO 8859-1, one char an octet
    public String payload(boolean international) {
        StringBuilder text = new StringBuilder(Written.value(authservId)).append(';');
        if (results.isEmpty()) {
            text.append(" none");
        }
        for (int i = 0; i < results.size(); i++) {
            text.append(i == 0 ? "" : ";").append(FOLD);
            append(text, words(results.get(i)));
        }
        byte[] octets =
                international ? text.toString().getBytes(StandardCharsets.UTF_8) : Written.ascii(text.toString());
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /// Words of one result on lines that are short enough where they can be.
    private static void append(StringBuilder text, List<String> words) {
        int column = 1;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            boolean fits = column + 1 + word.length() < LINE; // a semicolon may follow
            if (i > 0) {
                text.append(fits ? " " : FOLD);
                column = fits ? column + 1 : 1;
            }
            text.append(word);
            column += word.length();
        }
    }

    private static List<String> words(MethodResult result) {
        List<String> words = new ArrayList<>();
        words.add(result.method() + "=" + result.result());
        result.reason().ifPresent(reason -> words.add("reason=" + Written.value(reason)));
        for (ResultProperty property : result.properties()) {
            words.add(property.type() + "." + property.name() + "=" + Written.propertyValue(property.value()));
        }
        return words;
    }
}
