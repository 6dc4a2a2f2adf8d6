package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.TlsTrial;
import java.util.List;

/// How sessions under one policy went.
///
/// @param policy the policy
/// @param successful how many sessions had the TLS that the policy asks for, 0 to {@value #MOST}
/// @param failed how many had not, 0 to {@value #MOST}
/// @param failures what kinds of failures there were
/// @rfc 8460 §4.4
public record TlsPolicyResult(Policy policy, long successful, long failed, List<TlsFailure> failures) {
    /// The most sessions that are counted.
    public static final long MOST = AggregateRow.MOST;

    /// The most strings of a policy.
    public static final int MOST_STRINGS = 100;

    /// What a domain asks for.
    ///
    /// @param type where it is published
    /// @param strings it as it was found, line by line or record by record
    /// @param domain the domain that mail is for
    /// @param mxHosts the patterns of its hosts' names
    public record Policy(TlsTrial.Type type, List<String> strings, DomainName domain, List<String> mxHosts) {
        /// @throws IllegalArgumentException if there are more than {@value #MOST_STRINGS} strings
        ///     or patterns
        public Policy {
            strings = strings.stream().map(Words::clean).toList();
            mxHosts = mxHosts.stream().map(Words::clean).toList();
            if (strings.size() > MOST_STRINGS || mxHosts.size() > MOST_STRINGS) {
                throw new IllegalArgumentException("a policy of more than " + MOST_STRINGS + " strings");
            }
        }
    }

    /// @throws IllegalArgumentException if a number is out of bounds
    public TlsPolicyResult {
        failures = List.copyOf(failures);
        if (successful < 0 || failed < 0 || successful > MOST || failed > MOST) {
            throw new IllegalArgumentException(successful + " successful and " + failed + " failed sessions");
        }
    }
}
