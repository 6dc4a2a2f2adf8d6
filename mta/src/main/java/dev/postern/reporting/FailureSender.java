package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.FailureMail;
import dev.postern.feedback.Redaction;
import dev.postern.feedback.ReportLetter;
import dev.postern.mailauth.dmarc.ReportConsent;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.mailauth.dmarc.ReportUri;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sends reports on single messages to those who want them: a few in an hour for a domain, some more in all. Used by
/// one thread at a time.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9991 RFC 9991
public final class FailureSender {
    /// How many reports an hour go out about one domain.
    static final int MOST_OF_DOMAIN = 10;

    private static final int MOST_IN_ALL = 100;
    private static final int MOST_PLACES = 2;

    private final FailureReporter waiting;
    private final ReportDestinations destinations;
    private final Dispatch dispatch;
    private final Redaction redaction;
    private final RateLimit rate = new RateLimit(MOST_OF_DOMAIN, MOST_IN_ALL);

    /// @param waiting has what there is to send
    /// @param destinations who wants it
    public FailureSender(FailureReporter waiting, ReportDestinations destinations, Dispatch dispatch) {
        this.waiting = waiting;
        this.destinations = destinations;
        this.dispatch = dispatch;
        this.redaction = new Redaction(
                Redaction.USUAL_FIELDS, "failures " + dispatch.times().seed());
    }

    /// Sends what waits.
    public void sendWaiting(ReportingSettings settings, Instant now) throws IOException {
        for (Optional<FailureReporter.Waiting> report = waiting.next(); report.isPresent(); report = waiting.next()) {
            if (!rate.take(report.get().published().domain(), now)) {
                dropped(report.get(), "enough were sent in this hour");
                continue;
            }
            try {
                send(report.get(), settings, now);
            } catch (RuntimeException mistake) {
                // ours, and it must not stop the other reports
                dispatch.events()
                        .emit(new ReportingEvent.ReportingMistake(
                                report.get().published().domain(), mistake));
            }
        }
    }

    private void send(FailureReporter.Waiting report, ReportingSettings settings, Instant now) throws IOException {
        DomainName domain = report.published().domain();
        List<Mailbox> to = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        report.published().record().reporting().failure().stream()
                .limit(MOST_PLACES)
                .forEach(place -> {
                    switch (destinations.ask(domain, place, ReportDestinations.Kind.FAILURE)) {
                        case ReportConsent.Given given ->
                            given.to().stream()
                                    .limit(MOST_PLACES)
                                    .map(ReportUri::mailbox)
                                    .flatMap(Optional::stream)
                                    .forEach(to::add);
                        case ReportConsent.Refused no -> refused.add(place + ": " + no.why());
                        case ReportConsent.Unknown notNow -> refused.add(place + ": " + notNow.why());
                    }
                });
        if (to.isEmpty()) {
            dropped(report, String.join("; ", refused));
            return;
        }
        String id = report.about() + "." + now.toEpochMilli() + ".failure@" + settings.submitter();
        ReportLetter letter = new ReportLetter(
                settings.submitter(), settings.from(), to.stream().distinct().toList(), now, id);
        QueueId sent = dispatch.post()
                .send(settings.from(), letter.to(), FailureMail.compose(report.report(), letter, redaction));
        dispatch.events().emit(new ReportingEvent.FailureReportSent(domain, sent, letter.to(), report.about()));
    }

    private void dropped(FailureReporter.Waiting report, String why) {
        dispatch.events()
                .emit(new ReportingEvent.FailureReportDropped(report.published().domain(), report.about(), why));
    }
}
