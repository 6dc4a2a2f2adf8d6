package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.feedback.AbuseReport;
import dev.postern.feedback.AuthFailure;
import dev.postern.feedback.ReturnedHeader;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.dkim.DkimResult;
import dev.postern.mailauth.dmarc.AuthenticatedDomain.Mechanism;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.FailureOption;
import dev.postern.mailauth.dmarc.PublishedPolicy;
import dev.postern.mailauth.spf.SpfOutcome;
import dev.postern.message.MessageReader;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.policy.AuthenticationReport;
import dev.postern.policy.JudgedMessage;
import dev.postern.policy.Verdict;
import dev.postern.reportstore.ReportClaim;
import dev.postern.smtp.NullPath;
import dev.postern.spool.QueueId;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.function.Supplier;

/// Writes down single messages that failed, where both we and the owner of the domain want that: the header only.
/// Sessions put them into a short queue, from which {@link FailureSender} takes them.
///
/// Never about mail with the null reverse-path, so that no report is ever the answer to a report; never to a public
/// suffix, which has no business with the mail of those below it (RFC 9990 §7.3).
///
/// @spec https://www.rfc-editor.org/rfc/rfc9991 RFC 9991
public final class FailureReporter implements AuthenticationObserver {
    private static final int MOST_WAITING = 100;
    private static final int LONGEST_HEADER = 64 << 10;
    private static final String PROGRAM = "Postern/1.0";

    private final Supplier<Optional<ReportingSettings>> settings;
    private final InstantSource clock;
    private final Events events;
    private final Queue<Waiting> waiting = new ArrayBlockingQueue<>(MOST_WAITING);

    /// A report that waits to be sent.
    record Waiting(QueueId about, PublishedPolicy published, AbuseReport report) {}

    /// @param settings asked for each message; empty: nothing is sent
    public FailureReporter(Supplier<Optional<ReportingSettings>> settings, InstantSource clock, Events events) {
        this.settings = settings;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public void judged(JudgedMessage message) {
        Optional<ReportingSettings> now = settings.get().filter(some -> some.sends(ReportClaim.Kind.FAILURE));
        if (now.isEmpty()
                || message.report().bearer().sender() instanceof NullPath
                || message.verdict() instanceof Verdict.Defer) {
            return;
        }
        for (DmarcEvaluation evaluation : message.report().dmarc().evaluations()) {
            Optional<PublishedPolicy> published = evaluation.published().filter(FailureReporter::wantsReports);
            Optional<AuthFailure.Type> failure =
                    published.flatMap(policy -> failure(message.report(), evaluation, policy));
            if (failure.isPresent()) {
                put(message, evaluation, failure.get(), now.get());
            }
        }
    }

    private static boolean wantsReports(PublishedPolicy published) {
        return published.source() != PublishedPolicy.Source.PUBLIC_SUFFIX
                && !published.record().reporting().failure().isEmpty();
    }

    /// What failed that the owner wants to hear of.
    ///
    /// @rfc 9989 §4.7
    private static Optional<AuthFailure.Type> failure(
            AuthenticationReport report, DmarcEvaluation evaluation, PublishedPolicy published) {
        Set<FailureOption> options = published.record().reporting().options();
        boolean decided = evaluation.outcome() == DmarcOutcome.FAIL || evaluation.outcome() == DmarcOutcome.PASS;
        boolean any = !evaluation.isAligned(Mechanism.DKIM) || !evaluation.isAligned(Mechanism.SPF);
        if ((options.contains(FailureOption.ALL_FAIL) && evaluation.outcome() == DmarcOutcome.FAIL)
                || (options.contains(FailureOption.ANY_FAILS) && decided && any)) {
            return Optional.of(AuthFailure.Type.DMARC);
        }
        if (options.contains(FailureOption.DKIM) && failed(report).isPresent()) {
            return Optional.of(AuthFailure.Type.SIGNATURE);
        }
        SpfOutcome spf = report.path().mailFrom().outcome();
        return options.contains(FailureOption.SPF) && (spf == SpfOutcome.FAIL || spf == SpfOutcome.SOFTFAIL)
                ? Optional.of(AuthFailure.Type.SPF)
                : Optional.empty();
    }

    private static Optional<DkimResult> failed(AuthenticationReport report) {
        return report.dkim().each().stream()
                .filter(signature -> signature.outcome() == DkimOutcome.FAIL)
                .findFirst();
    }

    private void put(JudgedMessage message, DmarcEvaluation evaluation, AuthFailure.Type type, ReportingSettings now) {
        QueueId about = message.content().id();
        PublishedPolicy published = evaluation.published().orElseThrow();
        try (InputStream octets = message.content().content().open()) {
            ReturnedHeader header = new ReturnedHeader(
                    MessageReader.read(octets, LONGEST_HEADER).header());
            Waiting report = new Waiting(about, published, report(message, evaluation, type, header, now));
            if (!waiting.offer(report)) {
                dropped(report, "too many wait");
            }
        } catch (IOException e) {
            events.emit(new ReportingEvent.FailureReportDropped(
                    published.domain(), about, "its header cannot be read: " + e.getMessage()));
        }
    }

    private AbuseReport report(
            JudgedMessage message,
            DmarcEvaluation evaluation,
            AuthFailure.Type type,
            ReturnedHeader header,
            ReportingSettings now) {
        AuthenticationReport report = message.report();
        return new AbuseReport(
                AbuseReport.FeedbackType.AUTH_FAILURE,
                PROGRAM,
                new AbuseReport.Subject(
                        Optional.empty(),
                        Optional.of(report.bearer().sender().toString()),
                        List.of(), // who reads a mailbox is nobody's business elsewhere
                        Optional.of(clock.instant()),
                        Optional.of(report.bearer().client()),
                        Optional.of(now.submitter().text())),
                new AbuseReport.Reported(List.of(evaluation.author()), List.of()),
                1,
                Optional.of(new AuthFailure(
                        type,
                        report.results(now.submitter()).payload(false),
                        Optional.of(delivery(message.verdict())),
                        Optional.of(unaligned(evaluation)),
                        signature(report),
                        List.of())),
                header);
    }

    private static AuthFailure.Delivery delivery(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accept _ -> AuthFailure.Delivery.DELIVERED;
            case Verdict.Reject _ -> AuthFailure.Delivery.REJECT;
            case Verdict.Quarantine _ -> AuthFailure.Delivery.POLICY;
            case Verdict.Discard _, Verdict.Defer _ -> AuthFailure.Delivery.OTHER;
        };
    }

    private static Set<AuthFailure.Mechanism> unaligned(DmarcEvaluation evaluation) {
        Set<AuthFailure.Mechanism> unaligned = EnumSet.noneOf(AuthFailure.Mechanism.class);
        if (!evaluation.isAligned(Mechanism.DKIM)) {
            unaligned.add(AuthFailure.Mechanism.DKIM);
        }
        if (!evaluation.isAligned(Mechanism.SPF)) {
            unaligned.add(AuthFailure.Mechanism.SPF);
        }
        return unaligned;
    }

    private static Optional<AuthFailure.Signature> signature(AuthenticationReport report) {
        return failed(report)
                .map(DkimResult::claim)
                .flatMap(claim -> claim.domain()
                        .map(domain -> new AuthFailure.Signature(
                                domain, claim.identity(), claim.selector().map(DomainName::text))));
    }

    /// The next report that waits to be sent, if there is one.
    Optional<Waiting> next() {
        return Optional.ofNullable(waiting.poll());
    }

    private void dropped(Waiting report, String why) {
        events.emit(new ReportingEvent.FailureReportDropped(report.published().domain(), report.about(), why));
    }
}
