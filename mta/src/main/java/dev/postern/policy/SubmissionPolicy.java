package dev.postern.policy;

import java.util.Map;

/// Users submit mail under TLS only; not a setting.
///
/// @rfc 8314 §3.3
final class SubmissionPolicy implements Policy {
    @Override
    public Verdict clear(SessionFacts session) {
        return session.role().isSubmission()
                ? new Verdict.Reject(
                        EncryptionPolicy.RULE,
                        "users submit mail under TLS only",
                        Map.of("listener", session.role().label()),
                        EncryptionPolicy.STARTTLS_FIRST)
                : Verdict.noOpinion();
    }
}
