package dev.postern.mailauth.results;

import dev.postern.dns.DomainName;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// Whether a field names a server as its writer.
///
/// @rfc 8601 §5
final class Claim {
    private static final int MOST_OCTETS = 65_536;
    private static final String IN_NAMES = "-_.";
    private static final char REPLACEMENT = '\uFFFD';

    private Claim() {}

    /// @param payload what stands behind the colon, in ISO 8859-1
    static boolean isMadeBy(String payload, String authservId) {
        if (payload.length() > MOST_OCTETS || hasBareControl(payload)) {
            return true;
        }
        String text = new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        return namesIn(text).map(name -> isSame(name, authservId)).orElse(true) || isMentioned(text, plain(authservId));
    }

    /// Control characters, and CR and LF other than those of folding.
    private static boolean hasBareControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (text.startsWith("\r\n ", i) || text.startsWith("\r\n\t", i)) {
                i++;
            } else if ((c < ' ' && c != '\t') || c == 127) {
                return true;
            }
        }
        return false;
    }

    /// The identifier with which a field begins; empty if it does not begin as it should.
    private static Optional<String> namesIn(String text) {
        Cursor cursor = new Cursor(text);
        if (!cursor.skipSpace()) {
            return Optional.empty();
        }
        Optional<String> name = cursor.value();
        if (name.isEmpty() || !cursor.skipSpace()) {
            return Optional.empty();
        }
        boolean version = cursor.token().chars().allMatch(c -> c >= '0' && c <= '9');
        return version && cursor.skipSpace() && cursor.take(';') ? name : Optional.empty();
    }

    private static boolean isSame(String name, String authservId) {
        String one = plain(name);
        String other = plain(authservId);
        boolean obscure = one.isEmpty()
                || one.codePoints().anyMatch(c -> c == REPLACEMENT || Character.getType(c) == Character.FORMAT);
        return obscure || one.equals(other) || sameDomain(one, other);
    }

    /// Whether both are the same name in the end; what is beyond ASCII and no name is in doubt.
    private static boolean sameDomain(String one, String other) {
        Optional<DomainName> name = DomainName.parse(one);
        boolean ascii = one.chars().allMatch(c -> c < 128);
        return name.isEmpty() ? !ascii : name.equals(DomainName.parse(other));
    }

    /// A name without white space and final dots, in lower case.
    private static String plain(String name) {
        String text = name.replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '.') {
            end--;
        }
        return text.substring(0, end);
    }

    /// Whether the name stands anywhere before the first semicolon, even in a comment.
    private static boolean isMentioned(String text, String name) {
        if (name.isEmpty()) {
            return false;
        }
        int semicolon = text.indexOf(';');
        String head =
                text.substring(0, semicolon < 0 ? text.length() : semicolon).toLowerCase(Locale.ROOT);
        for (int i = head.indexOf(name); i >= 0; i = head.indexOf(name, i + 1)) {
            int end = i + name.length();
            while (end < head.length() && head.charAt(end) == '.') {
                end++;
            }
            boolean begins = i == 0 || !isInName(head.charAt(i - 1));
            if (begins && (end == head.length() || !isInName(head.charAt(end)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInName(char c) {
        return Character.isLetterOrDigit(c) || IN_NAMES.indexOf(c) >= 0;
    }
}
