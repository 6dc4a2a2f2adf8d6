package dev.postern.reportstore;

import dev.postern.dns.DomainName;

/// Something that was seen of a domain.
///
/// @param domain whose policy it was
/// @param about what is known of the domain by it
/// @param row what there is to tell
public record Observation<P, R>(DomainName domain, P about, R row) {}
