package dev.postern.mailauth.arc;

import dev.postern.dns.DomainName;

/// One server that a message came through, as its set in the chain has it.
///
/// @param instance its place, from 1
/// @param sealer the domain that sealed
/// @param results what it says it found: the text of ARC-Authentication-Results behind the instance,
///     with its folding, one char an octet
public record ArcHop(int instance, DomainName sealer, String results) {}
