package dev.postern.dns;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A fully qualified domain name in its one canonical form: A-labels, lower case, no final dot (RFC
/// 1035 §2.3.1, RFC 5890 §2.3.2).
///
/// Underscores are allowed, since names such as `_25._tcp` are looked up too; {@link #isHostName()}
/// tells the names of hosts.
///
/// @param text the name, 1 to 253 octets, labels of 1 to 63 octets
/// @spec https://www.rfc-editor.org/rfc/rfc1035 RFC 1035
public record DomainName(String text) implements Comparable<DomainName> {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;

    /// @throws IllegalArgumentException if the text is not in canonical form
    public DomainName {
        String fault = fault(text);
        if (fault != null) {
            throw new IllegalArgumentException("not a domain name: " + fault);
        }
    }

    /// The name that a text stands for: U-labels become A-labels, upper case becomes lower, one
    /// final dot is dropped; empty if it is none.
    public static Optional<DomainName> parse(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return InternationalLabel.toAscii(name)
                .map(ascii -> ascii.toLowerCase(Locale.ROOT))
                .filter(ascii -> fault(ascii) == null)
                .map(DomainName::new);
    }

    /// The name that a text stands for.
    ///
    /// @throws IllegalArgumentException if it is none
    public static DomainName of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a domain name: " + text));
    }

    private static @org.jspecify.annotations.Nullable String fault(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return "it has " + name.length() + " octets, allowed are 1 to " + MAX_NAME;
        }
        int label = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i == name.length() ? '.' : name.charAt(i);
            if (c == '.') {
                if (label == 0 || label > MAX_LABEL) {
                    return "a label of " + label + " octets, allowed are 1 to " + MAX_LABEL;
                }
                if (name.charAt(i - 1) == '-' || name.charAt(i - label) == '-') {
                    return "a label that begins or ends with a hyphen";
                }
                label = 0;
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') {
                label++;
            } else {
                return "a character that no domain name has";
            }
        }
        return null;
    }

    /// Whether this is also the name of a host: letters, digits and hyphens only (RFC 1123 §2.1).
    public boolean isHostName() {
        return text.indexOf('_') < 0;
    }

    /// The labels from left to right.
    public List<String> labels() {
        return List.of(text.split("\\."));
    }

    /// The name without its leftmost label; empty for a top-level name.
    public Optional<DomainName> parent() {
        int dot = text.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(new DomainName(text.substring(dot + 1)));
    }

    /// This name below another label, such as `_dmarc`; empty if the result is too long.
    public Optional<DomainName> below(String label) {
        return parse(label + "." + text);
    }

    /// Whether this name is the other or lies below it.
    public boolean isWithin(DomainName other) {
        return text.equals(other.text) || text.endsWith("." + other.text);
    }

    @Override
    public int compareTo(DomainName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
