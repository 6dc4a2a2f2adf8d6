package dev.postern.feedback;

import dev.postern.dns.DomainName;
import java.net.InetAddress;
import java.util.Optional;

/// What happened to some messages that were alike: a `record` of an aggregate report.
///
/// @param source the address they came from
/// @param count how many they were, 1 to {@value #MOST}
/// @param evaluated what DMARC came to
/// @param identifiers whose they claimed to be
/// @param results what DKIM and SPF said
/// @rfc 9990 §3.1.1.7
public record AggregateRow(
        InetAddress source, long count, PolicyEvaluated evaluated, Identifiers identifiers, AuthResults results) {
    /// The most messages of a row; a million such rows can still be added up.
    public static final long MOST = 1_000_000_000_000L;

    /// The domains that messages name: `identifiers`.
    ///
    /// @param headerFrom the author's
    /// @param envelopeFrom that of the reverse-path; empty for the null path and where nothing is
    ///     told
    /// @param envelopeTo the recipients', which few reporters tell
    public record Identifiers(
            DomainName headerFrom, Optional<DomainName> envelopeFrom, Optional<DomainName> envelopeTo) {}

    /// @throws IllegalArgumentException if the count is out of bounds
    public AggregateRow {
        if (count < 1 || count > MOST) {
            throw new IllegalArgumentException("a row of " + count + " messages");
        }
    }
}
