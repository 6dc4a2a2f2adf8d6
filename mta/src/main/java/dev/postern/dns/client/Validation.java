package dev.postern.dns.client;

/// Who finds out whether DNSSEC vouches for an answer.
public sealed interface Validation {
    /// Nobody: no answer counts as vouched for.
    record Off() implements Validation {}

    /// The servers that are asked, whose word (the AD bit) is taken: only where they validate, and the way to them is
    /// safe.
    ///
    /// @rfc 4035 §4.9.3
    record ByServers() implements Validation {}

    /// We ourselves, from these keys on; the servers need not be trusted, but have to hand signatures on.
    ///
    /// @rfc 4035 §5
    record Self(TrustAnchors anchors) implements Validation {}
}
