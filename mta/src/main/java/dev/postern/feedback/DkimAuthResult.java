package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dkim.DkimOutcome;
import java.util.Optional;

/// What became of a DKIM signature, aligned or not.
///
/// @param domain who signed, `d=`
/// @param selector which key, `s=`; some reporters leave it out
/// @param humanResult more about it, on one line
/// @rfc 9990 §3.1.1.12
public record DkimAuthResult(
        DomainName domain, Optional<String> selector, DkimOutcome result, Optional<String> humanResult) {
    /// Texts are made harmless.
    public DkimAuthResult {
        selector = Words.optional(selector);
        humanResult = Words.optional(humanResult);
    }
}
