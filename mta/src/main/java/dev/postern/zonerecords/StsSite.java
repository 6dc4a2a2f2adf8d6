package dev.postern.zonerecords;

import dev.postern.tlspolicy.mtasts.StsPolicy;

/// What our domains say about the TLS of their exchangers.
///
/// @param served whether this server answers for it by HTTPS, or another one does
public record StsSite(StsPolicy policy, boolean served) {}
