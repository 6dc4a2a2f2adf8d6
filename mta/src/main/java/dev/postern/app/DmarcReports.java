package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.dns.Resolver;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.ReportDestinations;
import dev.postern.policy.AuthenticationObserver;
import dev.postern.reporting.AggregateSender;
import dev.postern.reporting.Dispatch;
import dev.postern.reporting.FailureReporter;
import dev.postern.reporting.FailureSender;
import dev.postern.reporting.MessageReports;
import dev.postern.reporting.ObservationRecorder;
import dev.postern.reporting.ReportPost;
import dev.postern.reporting.ReportTimes;
import dev.postern.reporting.Reporting;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.LedgerSeed;
import dev.postern.reportstore.MessageForm;
import dev.postern.reportstore.ObservationLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// What counts how the senders of messages fared, and tells the owners of their domains.
final class DmarcReports {
    private final ObservationLedger<DmarcRecord, AggregateRow> ledger;
    private final FailureReporter failures;
    private final Supplier<Optional<ReportingSettings>> settings;
    private final Reporting.Surroundings surroundings;
    private final Path folder;

    /// Opens the books of the messages.
    ///
    /// @param settings asked each time; empty: nothing is told
    DmarcReports(Config config, Supplier<Optional<ReportingSettings>> settings, Reporting.Surroundings surroundings)
            throws IOException {
        this.folder = ReportFolders.ledger(config);
        this.settings = settings;
        this.surroundings = surroundings;
        ledger = ObservationLedger.open(new MessageForm(), folder, LedgerBounds.usual(), surroundings.clock());
        failures = new FailureReporter(settings, surroundings.clock(), surroundings.events());
    }

    /// Counts, and notes what is told at once.
    AuthenticationObserver observer() {
        ObservationRecorder recorder = new ObservationRecorder(ledger);
        return message -> {
            recorder.judged(message);
            failures.judged(message);
        };
    }

    /// What tells of it as time goes by.
    Reporting reporting(ReportPost post, Resolver resolver, RandomGenerator random) throws IOException {
        Dispatch dispatch = new Dispatch(
                new ReportTimes(LedgerSeed.in(folder, random), ReportTimes.USUAL_SPREAD), post, surroundings.events());
        ReportDestinations destinations = new ReportDestinations(resolver);
        return new Reporting(
                ledger,
                new MessageReports(
                        new AggregateSender(ledger, destinations, dispatch),
                        new FailureSender(failures, destinations, dispatch)),
                settings,
                surroundings);
    }
}
