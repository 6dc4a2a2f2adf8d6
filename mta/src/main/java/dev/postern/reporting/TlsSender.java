package dev.postern.reporting;

import dev.postern.dns.DomainName;
import dev.postern.feedback.TlsReport;
import dev.postern.reportstore.DaySummary;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportClaim;
import dev.postern.reportstore.SessionPolicies;
import dev.postern.reportstore.SessionRow;
import dev.postern.reportstore.Settlement;
import dev.postern.tlspolicy.tlsrpt.TlsrptFinding;
import dev.postern.tlspolicy.tlsrpt.TlsrptLookup;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sends the reports on the sessions of a day to those who want them. Used by one thread at a time.
///
/// As soon as one of the places that a domain names has taken its report, the day is settled (RFC 8460 §3); while none
/// has, all are tried again, less and less often, for a day (§5.5). A crash between taking and settling sends the
/// report again, by the same name. When it was tried last is not kept: after a restart it is tried at once.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8460 RFC 8460
public final class TlsSender implements ReportSender {
    /// How many reports go out in a row, so that the queue has time for other mail.
    static final int MOST_AT_ONCE = 50;

    /// How long a report is tried from the time on that it is due.
    static final Duration PATIENCE = Duration.ofHours(24);

    private static final Duration FIRST_WAIT = Duration.ofMinutes(10);

    /// After this time no other report is begun in a row, so that what was counted meanwhile comes to the disk.
    private static final Duration ROW = Duration.ofSeconds(40);

    private final ObservationLedger<SessionPolicies, SessionRow> ledger;
    private final TlsrptLookup lookup;
    private final TlsPost post;
    private final Surroundings surroundings;
    private final Map<Open, Wait> waits = new HashMap<>();

    /// When reports go, what time it is, and who hears of each.
    public record Surroundings(Dispatch dispatch, InstantSource clock) {}

    /// A report that is not settled.
    private record Open(LocalDate day, DomainName domain) {}

    /// For how long it waits.
    private record Wait(Duration length, Instant until) {}

    /// @param ledger what there is to tell
    /// @param lookup who wants it
    /// @param post brings it there
    public TlsSender(
            ObservationLedger<SessionPolicies, SessionRow> ledger,
            TlsrptLookup lookup,
            TlsPost post,
            Surroundings surroundings) {
        this.ledger = ledger;
        this.lookup = lookup;
        this.post = post;
        this.surroundings = surroundings;
    }

    @Override
    public String counted() {
        return "sessions";
    }

    @Override
    public void sendDue(ReportingSettings settings, Instant now) throws IOException {
        if (!settings.sends(ReportClaim.Kind.TLS)) {
            return;
        }
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<LocalDate> days = ledger.days();
        waits.keySet().removeIf(open -> !days.contains(open.day()));
        int sent = 0;
        for (LocalDate day : days) {
            for (DomainName domain : day.isBefore(today) ? ledger.open(day) : List.<DomainName>of()) {
                if (sent >= MOST_AT_ONCE || !surroundings.clock().instant().isBefore(now.plus(ROW))) {
                    return;
                }
                if (isDue(new Open(day, domain), now)) {
                    sent += send(new Open(day, domain), settings, now).isPresent() ? 1 : 0;
                }
            }
        }
    }

    private boolean isDue(Open open, Instant now) {
        Wait wait = waits.get(open);
        return !due(open).isAfter(now) && (wait == null || !wait.until().isAfter(now));
    }

    private Instant due(Open open) {
        return surroundings.dispatch().times().due(open.day(), open.domain());
    }

    @Override
    public List<Settlement> sendNow(LocalDate day, ReportingSettings settings, Instant now) throws IOException {
        List<Settlement> settled = new ArrayList<>();
        if (settings.sends(ReportClaim.Kind.TLS)) {
            for (DomainName domain : ledger.open(day)) {
                send(new Open(day, domain), settings, now).ifPresent(settled::add);
            }
        }
        return settled;
    }

    private Optional<Settlement> send(Open open, ReportingSettings settings, Instant now) throws IOException {
        Optional<DaySummary<SessionPolicies, SessionRow>> summary = ledger.summary(open.day(), open.domain());
        if (summary.isEmpty()) {
            return Optional.empty();
        }
        try {
            return send(open, summary.get(), settings, now);
        } catch (RuntimeException mistake) {
            // ours, and it must not stop the reports of other domains
            surroundings.dispatch().events().emit(new ReportingEvent.ReportingMistake(open.domain(), mistake));
            return drop(open, summary.get(), now, "a mistake in the program: " + mistake);
        }
    }

    private Optional<Settlement> send(
            Open open, DaySummary<SessionPolicies, SessionRow> summary, ReportingSettings settings, Instant now)
            throws IOException {
        return switch (lookup.find(open.domain())) {
            case TlsrptFinding.NotPublished _ -> {
                waits.remove(open);
                ledger.discard(open.day(), open.domain());
                yield Optional.empty();
            }
            case TlsrptFinding.Useless(String why) -> drop(open, summary, now, why);
            case TlsrptFinding.Unknown(String why) -> putOff(open, summary, now, why);
            case TlsrptFinding.Wanted wanted ->
                summary.rows().isEmpty()
                        ? drop(open, summary, now, "more was seen on this day than is kept")
                        : send(open, summary, wanted, new Letterhead(settings, now));
        };
    }

    /// In whose name a report is sent, and when.
    private record Letterhead(ReportingSettings settings, Instant now) {}

    private Optional<Settlement> send(
            Open open,
            DaySummary<SessionPolicies, SessionRow> summary,
            TlsrptFinding.Wanted wanted,
            Letterhead letterhead)
            throws IOException {
        Instant now = letterhead.now();
        Instant until = ObservationLedger.until(open.day(), now);
        String id = surroundings.dispatch().times().reportId(open.domain(), summary.begin());
        TlsReport report = SessionReport.of(summary, letterhead.settings(), id, until);
        TlsPost.Handed handed = post.bring(report, wanted.record().places(), letterhead.settings(), now);
        if (handed.taken().isEmpty()) {
            return putOff(open, summary, now, String.join("; ", handed.refused()));
        }
        Settlement settlement =
                Settlement.of(summary, until, Settlement.Fate.SENT, words(id, handed, summary.beyond()));
        waits.remove(open);
        ledger.settle(summary, settlement);
        surroundings
                .dispatch()
                .events()
                .emit(new ReportingEvent.TlsReportSent(open.domain(), open.day(), handed.taken(), summary.all()));
        return Optional.of(settlement);
    }

    private static String words(String id, TlsPost.Handed handed, long beyond) {
        return id + " to " + String.join(", ", handed.taken())
                + (handed.refused().isEmpty() ? "" : "; not to " + String.join("; not to ", handed.refused()))
                + (beyond == 0 ? "" : "; " + beyond + " sessions stand in no report, since there were too many kinds");
    }

    private Optional<Settlement> putOff(
            Open open, DaySummary<SessionPolicies, SessionRow> summary, Instant now, String why) throws IOException {
        Instant end = due(open).plus(PATIENCE);
        if (!now.isBefore(end)) {
            return drop(open, summary, now, why);
        }
        Wait before = waits.get(open);
        Duration length = before == null ? FIRST_WAIT : before.length().multipliedBy(2);
        Instant next = now.plus(length).isBefore(end) ? now.plus(length) : end;
        waits.put(open, new Wait(length, next));
        surroundings.dispatch().events().emit(new ReportingEvent.TlsReportPutOff(open.domain(), open.day(), why, next));
        return Optional.empty();
    }

    private Optional<Settlement> drop(
            Open open, DaySummary<SessionPolicies, SessionRow> summary, Instant now, String why) throws IOException {
        Settlement settlement =
                Settlement.of(summary, ObservationLedger.until(open.day(), now), Settlement.Fate.DROPPED, why);
        waits.remove(open);
        ledger.settle(summary, settlement);
        surroundings
                .dispatch()
                .events()
                .emit(new ReportingEvent.TlsReportDropped(open.domain(), open.day(), summary.all(), why));
        return Optional.of(settlement);
    }
}
