package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.AuthResults;
import dev.postern.feedback.Disposition;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.PolicyEvaluated;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.feedback.PolicyEvaluated.OverrideType;
import dev.postern.feedback.SpfAuthResult;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.AuthenticatedDomain.Mechanism;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.PublishedPolicy;
import dev.postern.mailauth.dmarc.ReportUri;
import dev.postern.mailauth.spf.SpfResult;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.AuthenticationReport;
import dev.postern.policy.JudgedMessage;
import dev.postern.policy.PolicyOverride;
import dev.postern.policy.Verdict;
import dev.postern.reportstore.Observation;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Puts what was judged into the ledger, for domains that want to be told: a row for each author's domain. Mail that
/// was put off does not count, since it comes again. Used by all sessions.
public final class ObservationRecorder implements AuthenticationObserver {
    /// How many signatures of a message are told.
    private static final int MOST_SIGNATURES = 10;

    private final ObservationLedger<DmarcRecord, AggregateRow> ledger;

    public ObservationRecorder(ObservationLedger<DmarcRecord, AggregateRow> ledger) {
        this.ledger = ledger;
    }

    @Override
    public void judged(JudgedMessage message) {
        if (message.verdict() instanceof Verdict.Defer) {
            return;
        }
        for (DmarcEvaluation evaluation : message.report().dmarc().evaluations()) {
            evaluation
                    .published()
                    .filter(published -> wantsReports(published.record()))
                    .ifPresent(published -> ledger.observe(new Observation<>(
                            published.domain(), published.record(), row(message, evaluation, published))));
        }
    }

    private static boolean wantsReports(DmarcRecord record) {
        return record.reporting().aggregate().stream().map(ReportUri::mailbox).anyMatch(Optional::isPresent);
    }

    private static AggregateRow row(JudgedMessage message, DmarcEvaluation evaluation, PublishedPolicy published) {
        AuthenticationReport report = message.report();
        return new AggregateRow(
                report.bearer().client(),
                1,
                new PolicyEvaluated(
                        disposition(message, evaluation, published),
                        Aligned.of(evaluation.isAligned(Mechanism.DKIM)),
                        Aligned.of(evaluation.isAligned(Mechanism.SPF)),
                        reasons(message, evaluation)),
                new AggregateRow.Identifiers(evaluation.author(), envelopeFrom(report), Optional.empty()),
                new AuthResults(
                        signatures(report, evaluation), spf(report.path().mailFrom())));
    }

    private static Disposition disposition(
            JudgedMessage message, DmarcEvaluation evaluation, PublishedPolicy published) {
        return switch (evaluation.outcome()) {
            case PASS -> wouldAsk(published) == DmarcPolicy.NONE ? Disposition.NONE : Disposition.PASS;
            case NONE, TEMPERROR, PERMERROR -> Disposition.NONE;
            case FAIL ->
                evaluation.policy() == DmarcPolicy.NONE
                        ? Disposition.NONE
                        : switch (message.verdict()) {
                            case Verdict.Reject _, Verdict.Defer _ -> Disposition.REJECT;
                            case Verdict.Quarantine _ -> Disposition.QUARANTINE;
                            case Verdict.Accept _ ->
                                message.override().isPresent() ? Disposition.NONE : Disposition.QUARANTINE;
                            case Verdict.Discard _ -> Disposition.NONE;
                        };
        };
    }

    /// What the policy asks for, had the message failed; for a name below the domain, one that exists.
    private static DmarcPolicy wouldAsk(PublishedPolicy published) {
        DmarcRecord.Policies policies = published.record().policies().orElse(DmarcRecord.Policies.NONE);
        return published.source() == PublishedPolicy.Source.AUTHOR ? policies.domain() : policies.forSubdomain();
    }

    private static List<PolicyEvaluated.Reason> reasons(JudgedMessage message, DmarcEvaluation evaluation) {
        List<PolicyEvaluated.Reason> reasons = new ArrayList<>();
        if (evaluation.policy() != evaluation.asked()) {
            reasons.add(new PolicyEvaluated.Reason(OverrideType.POLICY_TEST_MODE, Optional.empty()));
        }
        if (evaluation.outcome() == DmarcOutcome.TEMPERROR) {
            reasons.add(new PolicyEvaluated.Reason(OverrideType.OTHER, Optional.of("DNS did not answer")));
        }
        if (evaluation.policy() != DmarcPolicy.NONE) {
            message.override()
                    .map(override ->
                            new PolicyEvaluated.Reason(type(override.reason()), Optional.of(override.comment())))
                    .ifPresent(reasons::add);
        }
        return reasons;
    }

    private static OverrideType type(PolicyOverride.Reason reason) {
        return switch (reason) {
            case TRUSTED_FORWARDER -> OverrideType.TRUSTED_FORWARDER;
            case LOCAL_POLICY -> OverrideType.LOCAL_POLICY;
        };
    }

    private static Optional<DomainName> envelopeFrom(AuthenticationReport report) {
        return switch (report.bearer().sender()) {
            case NullPath _ -> Optional.empty();
            case Mailbox mailbox ->
                mailbox.host() instanceof Host.Domain(DomainName name) ? Optional.of(name) : Optional.empty();
        };
    }

    /// Each signature of a domain, those first that matter most (RFC 9990 §3.1.3).
    private static List<DkimAuthResult> signatures(AuthenticationReport report, DmarcEvaluation evaluation) {
        return report.dkim().each().stream()
                .filter(signature -> signature.claim().domain().isPresent())
                .sorted(Comparator.comparingInt(signature -> rank(signature, evaluation)))
                .limit(MOST_SIGNATURES)
                .map(signature -> new DkimAuthResult(
                        signature.claim().domain().orElseThrow(),
                        signature.claim().selector().map(DomainName::text),
                        signature.passed() && !signature.vouches() ? DkimOutcome.POLICY : signature.outcome(),
                        Optional.empty()))
                .toList();
    }

    private static int rank(DkimResult signature, DmarcEvaluation evaluation) {
        if (!signature.vouches()) {
            return 3;
        }
        DomainName domain = signature.claim().domain().orElseThrow();
        if (domain.equals(evaluation.author())) {
            return 0;
        }
        boolean aligned = evaluation.aligned().stream()
                .anyMatch(
                        one -> one.mechanism() == Mechanism.DKIM && one.domain().equals(domain));
        return aligned ? 1 : 2;
    }

    private static List<SpfAuthResult> spf(SpfResult spf) {
        return DomainName.parse(spf.domain())
                .map(domain -> new SpfAuthResult(domain, Optional.of(spf.identity()), spf.outcome(), Optional.empty()))
                .map(List::of)
                .orElse(List.of());
    }
}
