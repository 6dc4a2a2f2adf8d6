package dev.postern.policy;

import dev.postern.mailauth.dmarc.DmarcPolicy;
import java.util.Optional;

/// Why a message was not treated as the domain of its author asks, though it failed.
///
/// @param reason the kind of reason
/// @param comment more of it, in words
/// @rfc 9990 §3.1.6
public record PolicyOverride(Reason reason, String comment) {
    /// The kinds of reasons that there are here.
    public enum Reason {
        /// It came through somebody who is listed: a forwarder, a sealer.
        TRUSTED_FORWARDER,
        /// The settings of this server say otherwise.
        LOCAL_POLICY
    }

    /// The reason behind a verdict, by what {@link AuthenticationPolicy#judge} noted.
    static Optional<PolicyOverride> of(AuthenticationSettings settings, AuthenticationReport report, Verdict verdict) {
        DmarcPolicy asked = report.dmarc().policy();
        if (asked == DmarcPolicy.NONE) {
            return Optional.empty();
        }
        return switch (verdict) {
            case Verdict.Accept accept -> accepted(settings, accept);
            case Verdict.Reject _
            when asked == DmarcPolicy.QUARANTINE ->
                Optional.of(new PolicyOverride(Reason.LOCAL_POLICY, "quarantine is refused here"));
            case Verdict.Reject _, Verdict.Defer _, Verdict.Quarantine _, Verdict.Discard _ -> Optional.empty();
        };
    }

    private static Optional<PolicyOverride> accepted(AuthenticationSettings settings, Verdict.Accept accept) {
        String sealer = accept.inputs().get(AuthenticationPolicy.TRUSTED_SEALER);
        if (sealer != null) {
            return Optional.of(new PolicyOverride(Reason.TRUSTED_FORWARDER, "it had passed at " + sealer + " (ARC)"));
        }
        if (accept.inputs().containsKey(AuthenticationPolicy.TRUSTED_FORWARDER)) {
            return Optional.of(new PolicyOverride(Reason.TRUSTED_FORWARDER, "a listed forwarder brought it"));
        }
        return settings.obey()
                ? Optional.empty()
                : Optional.of(new PolicyOverride(Reason.LOCAL_POLICY, "failures are only marked here"));
    }
}
