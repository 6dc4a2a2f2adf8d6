package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.Resolver;
import dev.postern.reporting.Dispatch;
import dev.postern.reporting.ReportPost;
import dev.postern.reporting.ReportTimes;
import dev.postern.reporting.Reporting;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reporting.TlsPost;
import dev.postern.reporting.TlsSender;
import dev.postern.reporting.TrialRecorder;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.LedgerSeed;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.SessionForm;
import dev.postern.reportstore.SessionPolicies;
import dev.postern.reportstore.SessionRow;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.tlsrpt.TlsrptLookup;
import dev.postern.web.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What counts how sessions with other servers go, and tells their owners.
final class SessionReports {
    private final ObservationLedger<SessionPolicies, SessionRow> ledger;
    private final Supplier<Optional<ReportingSettings>> settings;
    private final Reporting.Surroundings surroundings;
    private final Path folder;

    /// Opens the books of the sessions.
    ///
    /// @param settings asked each time; empty: nothing is counted, and nothing told
    SessionReports(Config config, Supplier<Optional<ReportingSettings>> settings, Reporting.Surroundings surroundings)
            throws IOException {
        this.folder = ReportFolders.sessions(config);
        this.settings = settings;
        this.surroundings = surroundings;
        ledger = ObservationLedger.open(new SessionForm(), folder, LedgerBounds.sessions(), surroundings.clock());
    }

    /// Counts.
    TlsTrial.Observer observer() {
        return new TrialRecorder(ledger, settings);
    }

    /// What tells of it as time goes by, by mail and by HTTPS.
    Reporting reporting(ReportPost post, WebClient web, Resolver resolver, RandomGenerator random) throws IOException {
        Dispatch dispatch = new Dispatch(
                new ReportTimes(LedgerSeed.in(folder, random), ReportTimes.USUAL_SPREAD), post, surroundings.events());
        TlsSender sender = new TlsSender(
                ledger,
                new TlsrptLookup(resolver),
                new TlsPost(post, web),
                new TlsSender.Surroundings(dispatch, surroundings.clock()));
        return new Reporting(ledger, sender, settings, surroundings);
    }
}
