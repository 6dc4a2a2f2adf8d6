package dev.postern.mailauth.dmarc;

import dev.postern.mailauth.DnsEvidence;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What DMARC came to for a message.
///
/// @param outcome the outcome for the author whose case is the gravest
/// @param policy what is to be done by the policy of that author's domain; `none` but for a
///     failure. A receiver must not refuse for `reject` alone where it knows better (RFC 9989
///     §7.4).
/// @param why the reason, for a human
/// @param evaluations each author's domain that was looked at, in the order of the From field; none
///     for a message without a readable author
/// @param evidence what DNS said
public record DmarcResult(
        DmarcOutcome outcome,
        DmarcPolicy policy,
        String why,
        List<DmarcEvaluation> evaluations,
        List<DnsEvidence> evidence) {
    public DmarcResult {
        evaluations = List.copyOf(evaluations);
        evidence = List.copyOf(evidence);
    }

    /// What is at stake with those authors for whom DNS did not answer: the strictest of what their
    /// domains may ask for.
    public DmarcPolicy atStake() {
        return evaluations.stream()
                .map(DmarcEvaluation::atStake)
                .max(Comparator.naturalOrder())
                .orElse(DmarcPolicy.NONE);
    }

    /// The evaluation that the outcome and the policy come from, if it is one's.
    public Optional<DmarcEvaluation> deciding() {
        return evaluations.stream()
                .filter(one -> one.outcome() == outcome && one.policy() == policy)
                .findFirst();
    }
}
