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
import dev.postern.web.HttpsClient;
import dev.postern.web.WebSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What counts how sessions with other servers go, and tells their owners.
final class SessionReports implements AutoCloseable {
    private final ObservationLedger<SessionPolicies, SessionRow> ledger;
    private final Supplier<Optional<ReportingSettings>> settings;
    private final Reporting.Surroundings surroundings;
    private final HttpsClient web;
    private final Path folder;

    private SessionReports(
            Path folder,
            HttpsClient web,
            Supplier<Optional<ReportingSettings>> settings,
            Reporting.Surroundings surroundings)
            throws IOException {
        this.folder = folder;
        this.web = web;
        this.settings = settings;
        this.surroundings = surroundings;
        ledger = ObservationLedger.open(new SessionForm(), folder, LedgerBounds.sessions(), surroundings.clock());
    }

    /// Opens the books of the sessions.
    ///
    /// @param settings asked each time; empty: nothing is counted, and nothing told
    static SessionReports open(
            Config config,
            Resolver resolver,
            Supplier<Optional<ReportingSettings>> settings,
            Reporting.Surroundings surroundings)
            throws IOException {
        WebSettings usual = WebSettings.usual();
        return new SessionReports(
                ReportFolders.sessions(config),
                new HttpsClient(
                        config.delivery().privateAddresses() ? usual.withNotPublic() : usual,
                        resolver,
                        config.tls().roots()),
                settings,
                surroundings);
    }

    /// Counts.
    TlsTrial.Observer observer() {
        return new TrialRecorder(ledger, settings);
    }

    /// What tells of it as time goes by.
    Reporting reporting(ReportPost post, Resolver resolver, RandomGenerator random) throws IOException {
        Dispatch dispatch = new Dispatch(
                new ReportTimes(LedgerSeed.in(folder, random), ReportTimes.USUAL_SPREAD), post, surroundings.events());
        TlsSender sender = new TlsSender(
                ledger,
                new TlsrptLookup(resolver),
                new TlsPost(post, web),
                new TlsSender.Surroundings(dispatch, surroundings.clock()));
        return new Reporting(ledger, sender, settings, surroundings);
    }

    /// Gives the client for HTTPS back.
    @Override
    public void close() throws IOException {
        web.close();
    }
}
