package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateMail;
import dev.postern.feedback.AggregateReport;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.PolicyPublished;
import dev.postern.feedback.ReportLetter;
import dev.postern.feedback.ReportMetadata;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.ReportConsent;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.mailauth.dmarc.ReportUri;
import dev.postern.reportstore.DaySummary;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.Settlement;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.QueueId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Sends the reports on a day to those who want them. Used by one thread at a time.
///
/// A report is in the spool before its day is settled in the ledger: a crash between the two sends it again, by the
/// same name.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9990 RFC 9990
public final class AggregateSender {
    /// To how many of the places that a domain names a report goes (RFC 9990 §3.5: up to the limits of the receiver).
    static final int MOST_PLACES = 5;

    /// How many reports go out in a row, so that the queue has time for other mail.
    static final int MOST_AT_ONCE = 50;

    /// How long DNS is asked again whether a report is wanted.
    static final Duration PATIENCE = Duration.ofDays(2);

    private static final String GENERATOR = "Postern";

    private final ObservationLedger<DmarcRecord, AggregateRow> ledger;
    private final ReportDestinations destinations;
    private final Dispatch dispatch;

    /// @param ledger what there is to tell
    /// @param destinations who wants it
    public AggregateSender(
            ObservationLedger<DmarcRecord, AggregateRow> ledger, ReportDestinations destinations, Dispatch dispatch) {
        this.ledger = ledger;
        this.destinations = destinations;
        this.dispatch = dispatch;
    }

    /// Sends what is due of the days that have ended.
    public void sendDue(ReportingSettings settings, Instant now) throws IOException {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        int sent = 0;
        for (LocalDate day : ledger.days()) {
            if (!day.isBefore(today)) {
                return;
            }
            for (DomainName domain : ledger.open(day)) {
                if (sent < MOST_AT_ONCE && !dispatch.times().due(day, domain).isAfter(now)) {
                    sent += send(day, domain, settings, now).isPresent() ? 1 : 0;
                }
            }
        }
    }

    /// Sends all that is open of a day, without waiting until it is due; of a day that is not over, what was seen until
    /// now.
    ///
    /// @return what became of each domain that is settled by it
    public List<Settlement> sendNow(LocalDate day, ReportingSettings settings, Instant now) throws IOException {
        List<Settlement> settled = new ArrayList<>();
        for (DomainName domain : ledger.open(day)) {
            send(day, domain, settings, now).ifPresent(settled::add);
        }
        return settled;
    }

    /// Where a report may go, or why it must wait.
    private record Places(List<ReportUri> wanted, List<String> refused, Optional<String> unknown) {}

    private Optional<Settlement> send(LocalDate day, DomainName domain, ReportingSettings settings, Instant now)
            throws IOException {
        Optional<DaySummary<DmarcRecord, AggregateRow>> summary = ledger.summary(day, domain);
        if (summary.isEmpty()) {
            return Optional.empty();
        }
        try {
            return send(summary.get(), settings, now);
        } catch (RuntimeException mistake) {
            // ours, and it must not stop the reports of other domains
            dispatch.events().emit(new ReportingEvent.ReportingMistake(domain, mistake));
            return drop(summary.get(), ObservationLedger.until(day, now), "a mistake in the program: " + mistake);
        }
    }

    private Optional<Settlement> send(
            DaySummary<DmarcRecord, AggregateRow> summary, ReportingSettings settings, Instant now) throws IOException {
        Instant until = ObservationLedger.until(summary.day(), now);
        if (summary.rows().isEmpty()) {
            return drop(summary, until, "more was seen on this day than is kept");
        }
        Places places = ask(summary);
        boolean patient = now.isBefore(until.plus(PATIENCE));
        if (places.unknown().isPresent() && patient) {
            dispatch.events()
                    .emit(new ReportingEvent.AggregateReportPutOff(
                            summary.domain(), summary.day(), places.unknown().get()));
            return Optional.empty();
        }
        if (places.wanted().isEmpty()) {
            return drop(summary, until, String.join("; ", places.refused()));
        }
        AggregateReport report = report(summary, settings, until);
        List<Mailbox> to = fitting(report, places.wanted(), settings, now);
        if (to.isEmpty()) {
            return drop(summary, until, "it is larger than " + places.wanted() + " allow");
        }
        QueueId id = dispatch.post().send(settings.from(), to, compose(report, to, settings, now));
        String words = report.metadata().reportId() + " to " + words(to) + " as " + id;
        Settlement settlement = Settlement.of(summary, until, Settlement.Fate.SENT, words);
        ledger.settle(summary, settlement);
        dispatch.events()
                .emit(new ReportingEvent.AggregateReportSent(summary.domain(), summary.day(), id, to, summary.all()));
        return Optional.of(settlement);
    }

    private Optional<Settlement> drop(DaySummary<DmarcRecord, AggregateRow> summary, Instant until, String why)
            throws IOException {
        Settlement settlement = Settlement.of(summary, until, Settlement.Fate.DROPPED, why);
        ledger.settle(summary, settlement);
        dispatch.events()
                .emit(new ReportingEvent.AggregateReportDropped(summary.domain(), summary.day(), summary.all(), why));
        return Optional.of(settlement);
    }

    private Places ask(DaySummary<DmarcRecord, AggregateRow> summary) {
        List<ReportUri> wanted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        Optional<String> unknown = Optional.empty();
        for (ReportUri place : summary.about().reporting().aggregate()) {
            if (wanted.size() + refused.size() >= MOST_PLACES) {
                break;
            }
            switch (destinations.ask(summary.domain(), place, ReportDestinations.Kind.AGGREGATE)) {
                case ReportConsent.Given given -> wanted.addAll(given.to());
                case ReportConsent.Refused no -> refused.add(place + ": " + no.why());
                case ReportConsent.Unknown notNow -> {
                    refused.add(place + ": " + notNow.why());
                    unknown = Optional.of(notNow.why());
                }
            }
        }
        return new Places(wanted.subList(0, Math.min(wanted.size(), MOST_PLACES)), refused, unknown);
    }

    private AggregateReport report(
            DaySummary<DmarcRecord, AggregateRow> summary, ReportingSettings settings, Instant until) {
        List<String> errors = summary.beyond() == 0
                ? List.of()
                : List.of(summary.beyond() + " more messages stand in no row, since there would be too many rows");
        return new AggregateReport(
                new ReportMetadata(
                        settings.organization(),
                        settings.from().toString(),
                        Optional.empty(),
                        dispatch.times().reportId(summary.domain(), summary.begin()),
                        summary.period(until),
                        errors,
                        Optional.of(GENERATOR)),
                PolicyPublished.of(summary.domain(), summary.about()),
                summary.rows());
    }

    /// Those who take a report of this size.
    private static List<Mailbox> fitting(
            AggregateReport report, List<ReportUri> places, ReportingSettings settings, Instant now) {
        List<Mailbox> all = mailboxes(places);
        int size = compose(report, all, settings, now).length;
        return mailboxes(places.stream().filter(place -> place.takes(size)).toList());
    }

    private static List<Mailbox> mailboxes(List<ReportUri> places) {
        return places.stream()
                .map(ReportUri::mailbox)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static byte[] compose(AggregateReport report, List<Mailbox> to, ReportingSettings settings, Instant now) {
        String id = report.metadata().reportId() + "@" + settings.submitter();
        return AggregateMail.compose(report, new ReportLetter(settings.submitter(), settings.from(), to, now, id));
    }

    private static String words(List<Mailbox> to) {
        return String.join(", ", to.stream().map(Mailbox::toString).toList());
    }
}
