package dev.postern.bench;

import dev.postern.dns.DomainName;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reporting.TrialRecorder;
import dev.postern.reportstore.LedgerBounds;
import dev.postern.reportstore.ObservationLedger;
import dev.postern.reportstore.ReportClaim;
import dev.postern.reportstore.SessionForm;
import dev.postern.smtp.Mailbox;
import dev.postern.tlspolicy.TlsTrial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One try to open a protected session counted: nanoseconds a try.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TrialBench {
    private static final DomainName DOMAIN = DomainName.of("example.org");

    private final TlsTrial trial = new TlsTrial(
            new TlsTrial.AppliedPolicy(
                    DOMAIN,
                    TlsTrial.Type.STS,
                    List.of("version: STSv1", "mode: enforce", "mx: *.mail.example.org", "max_age: 86400"),
                    List.of("*.mail.example.org")),
            Optional.of(DomainName.of("mx1.mail.example.org")),
            new TlsTrial.Addresses(Optional.of(InetAddress.ofLiteral("192.0.2.1")), Optional.empty()),
            new TlsTrial.Outcome.Failure(TlsTrial.Result.CERTIFICATE_EXPIRED, "it expired yesterday"));
    private final TrialRecorder recorder = recorder();

    private static TrialRecorder recorder() {
        ReportingSettings settings = new ReportingSettings(
                DOMAIN, Mailbox.of("tls", DOMAIN), "Example Ltd", EnumSet.of(ReportClaim.Kind.TLS));
        try {
            return new TrialRecorder(
                    ObservationLedger.open(
                            new SessionForm(),
                            Files.createTempDirectory("postern-trial-bench"),
                            LedgerBounds.sessions(),
                            Clock.systemUTC()),
                    () -> Optional.of(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Counts a try.
    @Benchmark
    public void tried() {
        recorder.tried(trial);
    }
}
