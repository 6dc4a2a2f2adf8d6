package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.FailureOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The DMARC policy that a report is about: `policy_published`.
///
/// @param domain the domain whose record it is
/// @param discovery how the record was found, if that is told
/// @param policies what it asks for
/// @param alignments how near a domain must be that vouches; relaxed where nothing is told
/// @param failureOptions when it asks for failure reports; `0` where nothing is told
/// @param testing whether the policies are only tested (`t=y`)
/// @rfc 9990 §3.1.1.5
public record PolicyPublished(
        DomainName domain,
        Optional<Discovery> discovery,
        DmarcRecord.Policies policies,
        DmarcRecord.Alignments alignments,
        Set<FailureOption> failureOptions,
        boolean testing) {
    /// How a policy record was found.
    public enum Discovery {
        /// By a list of public suffixes, as RFC 7489 has it.
        PSL,
        /// By the walk up the tree of names (RFC 9989 §4.10).
        TREEWALK;

        /// The word in reports: `psl` or `treewalk`.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if there is no failure option
    public PolicyPublished {
        failureOptions = Set.copyOf(failureOptions);
        if (failureOptions.isEmpty()) {
            throw new IllegalArgumentException("no failure option; the default is 0");
        }
    }

    /// The policy of a record that was found by the walk up the tree.
    public static PolicyPublished of(DomainName domain, DmarcRecord record) {
        return new PolicyPublished(
                domain,
                Optional.of(Discovery.TREEWALK),
                record.policies().orElse(DmarcRecord.Policies.NONE),
                record.alignments(),
                record.reporting().options(),
                record.testing());
    }
}
