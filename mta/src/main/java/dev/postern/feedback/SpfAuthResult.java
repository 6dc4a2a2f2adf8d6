package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import java.util.Optional;

/// What SPF came to for a domain, aligned or not.
///
/// @param scope which claim was checked, if that is told; by RFC 9990 only the reverse-path
///     counts, by RFC 7489 HELO did too
/// @param humanResult more about it, on one line
/// @rfc 9990 §3.1.1.13
public record SpfAuthResult(
        DomainName domain, Optional<SpfIdentity> scope, SpfOutcome result, Optional<String> humanResult) {
    /// Texts are made harmless.
    public SpfAuthResult {
        humanResult = Words.optional(humanResult);
    }
}
