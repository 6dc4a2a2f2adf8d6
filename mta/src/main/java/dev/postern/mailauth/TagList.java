package dev.postern.mailauth;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A list such as `v=1; a=rsa-sha256; d=example.org`, in which signatures, keys and policies are
/// written.
///
/// ```
/// tag-list  = tag-spec *( ";" tag-spec ) [ ";" ]
/// tag-spec  = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
/// tag-name  = ALPHA *ALNUMPUNC
/// tag-value = [ tval *( 1*(WSP / FWS) tval ) ]
/// ```
///
/// @param tags the values by their names, in the order in which they stand; white space around them
///     is gone, within them it is kept
/// @rfc 6376 §3.2
public record TagList(Map<String, String> tags) {
    private static final int MOST_TAGS = 100;

    public TagList {
        tags = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    /// A text that is no list of tags.
    public static final class BadTagListException extends Exception {
        private static final long serialVersionUID = 1L;

        BadTagListException(String why) {
            super(why);
        }
    }

    /// The list that a text is.
    ///
    /// @throws BadTagListException if it is none, or a tag stands there twice: such a list is invalid
    ///     as a whole (RFC 6376 §3.2)
    public static TagList parse(String text) throws BadTagListException {
        Map<String, String> tags = new LinkedHashMap<>();
        int begin = 0;
        while (begin < text.length()) {
            int semicolon = text.indexOf(';', begin);
            int end = semicolon < 0 ? text.length() : semicolon;
            String spec = trim(text.substring(begin, end));
            begin = end + 1;
            if (spec.isEmpty() && (semicolon < 0 || trim(text.substring(begin)).isEmpty())) {
                break; // behind the last semicolon, of which published keys have two at times
            }
            int equals = spec.indexOf('=');
            if (equals < 0) {
                throw new BadTagListException("a tag without '='");
            }
            String name = trim(spec.substring(0, equals));
            String value = trim(spec.substring(equals + 1));
            if (!isName(name) || !isValue(value)) {
                throw new BadTagListException("a tag with a character that it cannot have");
            }
            if (tags.put(name, value) != null) {
                throw new BadTagListException("the tag " + name + "= stands there twice");
            }
            if (tags.size() > MOST_TAGS) {
                throw new BadTagListException("more than " + MOST_TAGS + " tags");
            }
        }
        return new TagList(tags);
    }

    /// The value of a tag.
    public Optional<String> value(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    /// The value of a tag without any white space, as base64 and lists may have it for folding.
    public Optional<String> compact(String name) {
        return value(name).map(TagList::withoutSpace);
    }

    /// A text without spaces, tabs, CR and LF.
    public static String withoutSpace(String text) {
        StringBuilder compact = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!isSpace(text.charAt(i))) {
                compact.append(text.charAt(i));
            }
        }
        return compact.toString();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            boolean later = (c >= '0' && c <= '9') || c == '_';
            if (!letter && (i == 0 || !later)) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c <= ' ' && !isSpace(c)) || c == 127) {
                return false;
            }
        }
        return true;
    }
}
