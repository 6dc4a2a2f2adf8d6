package dev.postern.smtp;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// What a server announced in its reply to EHLO or LHLO.
///
/// @param greeting the name by which the server calls itself, as it gave it; empty where it gave
///     none
/// @param parameters by keyword in upper case, the words behind it as they were given
/// @rfc 5321 §4.1.1.1
public record Capabilities(String greeting, Map<String, List<String>> parameters) {
    private static final String OLD_AUTH = "AUTH=";
    private static final int LIMIT_DIGITS = 6;

    public Capabilities {
        Map<String, List<String>> copy = new HashMap<>();
        parameters.forEach((keyword, words) -> copy.put(keyword, List.copyOf(words)));
        parameters = Map.copyOf(copy);
    }

    /// What a server can do that knows HELO only.
    public static Capabilities none() {
        return new Capabilities("", Map.of());
    }

    /// What the reply to EHLO says: a greeting, then a keyword with its parameters on each line.
    ///
    /// `AUTH=LOGIN`, from a draft before RFC 2554, counts as `AUTH LOGIN`.
    public static Capabilities of(Reply ehlo) {
        Map<String, List<String>> parameters = new HashMap<>();
        for (String line : ehlo.text().subList(1, ehlo.text().size())) {
            String spaced =
                    line.regionMatches(true, 0, OLD_AUTH, 0, OLD_AUTH.length()) ? line.replaceFirst("=", " ") : line;
            String[] words = spaced.strip().split(" +", -1);
            List<String> values = List.of(words).subList(1, words.length);
            parameters.merge(words[0].toUpperCase(Locale.ROOT), values, Capabilities::joined);
        }
        String greeting = ehlo.text().getFirst().strip();
        int space = greeting.indexOf(' ');
        return new Capabilities(space < 0 ? greeting : greeting.substring(0, space), parameters);
    }

    private static List<String> joined(List<String> some, List<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /// Whether an extension was announced.
    public boolean has(Extension extension) {
        return parameters.containsKey(extension.keyword());
    }

    /// The largest message the server takes, in octets; empty where it named no limit (RFC 1870
    /// §4).
    public OptionalLong maxSize() {
        Optional<String> first = parameters.getOrDefault(Extension.SIZE.keyword(), List.of()).stream()
                .findFirst();
        OptionalLong size = first.map(Decimal::parse).orElse(OptionalLong.empty());
        return size.isPresent() && size.getAsLong() > 0 ? size : OptionalLong.empty();
    }

    /// The most MAIL commands the server takes in a session; empty where it named no number (RFC 9422 §4.1).
    public OptionalInt maxTransactions() {
        return limit("MAILMAX");
    }

    /// The most RCPT commands the server takes in a transaction; empty where it named no number (RFC 9422 §4.2).
    public OptionalInt maxRecipients() {
        return limit("RCPTMAX");
    }

    /// One of the limits, from 1 to 999,999; what is written in another way is ignored.
    ///
    /// ```
    /// limit-name-value = limit-name ["=" limit-value]
    /// limit-value      = %x31-39 0*5DIGIT
    /// ```
    ///
    /// @rfc 9422 §3
    private OptionalInt limit(String name) {
        for (String word : parameters.getOrDefault(Extension.LIMITS.keyword(), List.of())) {
            int equals = word.indexOf('=');
            if (equals > 0
                    && word.substring(0, equals).equalsIgnoreCase(name)
                    && word.length() - equals - 1 <= LIMIT_DIGITS
                    && !word.startsWith("0", equals + 1)) {
                OptionalLong value = Decimal.parse(word.substring(equals + 1));
                if (value.isPresent()) {
                    return OptionalInt.of((int) value.getAsLong());
                }
            }
        }
        return OptionalInt.empty();
    }

    /// The shortest time, in seconds, within which the server agrees to deliver a message that is to be returned else;
    /// 0 where it named none (RFC 2852 §2).
    public long leastDeliverBy() {
        return parameters.getOrDefault(Extension.DELIVERBY.keyword(), List.of()).stream()
                .findFirst()
                .map(options -> options.split(",", -1)[0])
                .map(Decimal::parse)
                .orElse(OptionalLong.empty())
                .orElse(0);
    }

    /// The mechanisms of AUTH, in upper case, in the server's order (RFC 4954 §3).
    public List<String> authMechanisms() {
        return parameters.getOrDefault(Extension.AUTH.keyword(), List.of()).stream()
                .map(mechanism -> mechanism.toUpperCase(Locale.ROOT))
                .distinct()
                .toList();
    }
}
