package dev.postern.mailauth.iprev;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.DnsEvidence;
import java.util.List;
import java.util.Optional;

/// What the names of an address came to.
///
/// @param names the names that were looked at, at most {@value IprevVerifier#MOST_NAMES}; anybody
///     may let an address have any name
/// @param confirmed the first of them that leads back to the address; there for a pass only
/// @param why the reason, for a human
/// @param evidence what DNS said
public record IprevResult(
        IprevOutcome outcome,
        List<DomainName> names,
        Optional<DomainName> confirmed,
        String why,
        List<DnsEvidence> evidence) {
    public IprevResult {
        names = List.copyOf(names);
        evidence = List.copyOf(evidence);
        if (confirmed.isPresent() != (outcome == IprevOutcome.PASS)) {
            throw new IllegalArgumentException("a pass has a name, and nothing else has");
        }
    }
}
