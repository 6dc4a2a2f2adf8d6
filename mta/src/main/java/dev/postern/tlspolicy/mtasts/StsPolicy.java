package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The policy of a mail domain for the TLS of its mail exchangers.
///
/// @param mode what becomes of mail where no host keeps it
/// @param hosts patterns of the names of its exchangers, in lower case: names, or `*.` and a name, which stands for
///     one label more; at least one unless the mode is {@link Mode#NONE}
/// @param maxAge how long it may be kept, up to {@value #MOST_SECONDS} seconds
/// @spec https://www.rfc-editor.org/rfc/rfc8461 RFC 8461 §3.2
public record StsPolicy(Mode mode, List<String> hosts, Duration maxAge) {
    /// About a year (RFC 8461 §3.2).
    public static final long MOST_SECONDS = 31_557_600;

    /// What becomes of mail where no host keeps the policy.
    public enum Mode {
        /// It does not go.
        ENFORCE,
        /// It goes, and the report tells.
        TESTING,
        /// It goes: the domain has no policy any more.
        NONE;

        /// As it stands in a policy.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The mode of a word, in lower case; empty if there is none such.
        public static Optional<Mode> of(String word) {
            return Arrays.stream(values())
                    .filter(mode -> mode.word().equals(word))
                    .findFirst();
        }
    }

    /// @throws IllegalArgumentException if there is no pattern where there must be one, or the age is out of bounds
    public StsPolicy {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty() && mode != Mode.NONE) {
            throw new IllegalArgumentException("a policy for no host");
        }
        if (maxAge.isNegative() || maxAge.toSeconds() > MOST_SECONDS) {
            throw new IllegalArgumentException("a policy for " + maxAge);
        }
    }

    /// The policy as lines of its file, without their ends.
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of("version: STSv1", "mode: " + mode.word()));
        hosts.forEach(host -> lines.add("mx: " + host));
        lines.add("max_age: " + maxAge.toSeconds());
        return List.copyOf(lines);
    }

    /// Whether a host is one of the domain's by this policy (RFC 8461 §4.1).
    public boolean names(DomainName host) {
        return hosts.stream().anyMatch(pattern -> matches(pattern, host.text()));
    }

    private static boolean matches(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }
}
