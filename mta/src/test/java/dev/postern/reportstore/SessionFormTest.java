package dev.postern.reportstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.spool.ManualClock;
import dev.postern.tlspolicy.TlsTrial;
import dev.postern.tlspolicy.TlsTrial.AppliedPolicy;
import dev.postern.tlspolicy.TlsTrial.Outcome;
import dev.postern.tlspolicy.TlsTrial.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionFormTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final DomainName BLUE = DomainName.of("blue.example");
    private static final SessionForm FORM = new SessionForm();
    private static final AppliedPolicy STS = new AppliedPolicy(
            BLUE,
            TlsTrial.Type.STS,
            List.of("version: STSv1", "mode: enforce", "mx: *.blue.example"),
            List.of("*.blue.example"));

    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();

    private static TlsTrial failed(AppliedPolicy policy, Result result, String host, String reason) {
        return new TlsTrial(
                policy,
                Optional.of(DomainName.of(host)),
                new TlsTrial.Addresses(
                        Optional.of(InetAddress.ofLiteral("192.0.2.1")),
                        Optional.of(InetAddress.ofLiteral("2001:db8::25"))),
                new Outcome.Failure(result, reason));
    }

    private static TlsTrial good(AppliedPolicy policy) {
        return new TlsTrial(
                policy,
                Optional.of(DomainName.of("mx.blue.example")),
                new TlsTrial.Addresses(Optional.of(InetAddress.ofLiteral("192.0.2.1")), Optional.empty()),
                new Outcome.Success());
    }

    private static Observation<SessionPolicies, SessionRow> seen(TlsTrial trial) {
        return new Observation<>(trial.policy().domain(), SessionPolicies.of(trial.policy()), SessionRow.of(trial));
    }

    private ObservationLedger<SessionPolicies, SessionRow> open(LedgerBounds bounds) throws IOException {
        return ObservationLedger.open(FORM, folder, bounds, clock);
    }

    private static DaySummary<SessionPolicies, SessionRow> summary(
            ObservationLedger<SessionPolicies, SessionRow> ledger) {
        return ledger.summary(DAY, BLUE).orElseThrow();
    }

    @Test
    void sessionsThatWentAlikeShareARowAndComeBackAfterARestart() throws IOException {
        ObservationLedger<SessionPolicies, SessionRow> ledger = open(LedgerBounds.sessions());
        ledger.observe(seen(good(STS)));
        ledger.observe(seen(good(AppliedPolicy.none(BLUE))));
        ledger.flush();
        ledger.observe(seen(good(STS)));
        TlsTrial late = failed(STS, Result.CERTIFICATE_EXPIRED, "mx.blue.example", "since yesterday, 10 %, a/b\n");
        ledger.observe(seen(late));
        ledger.observe(seen(late));
        ledger.flush();
        DaySummary<SessionPolicies, SessionRow> before = summary(ledger);
        assertThat(before.rows())
                .containsExactly(
                        new SessionRow(SessionPolicies.key(STS), Optional.empty(), 2),
                        new SessionRow("no-policy-found", Optional.empty(), 1),
                        FORM.counted(SessionRow.of(late), 2));
        assertThat(before.about().text(SessionPolicies.key(STS)).strings()).isEqualTo(STS.strings());
        ObservationLedger<SessionPolicies, SessionRow> again = open(LedgerBounds.sessions());
        assertThat(again.unread()).isZero();
        assertThat(summary(again)).isEqualTo(before);
        assertThat(summary(again).all()).isEqualTo(5);
    }

    @Test
    void recordsInAnotherOrderAreTheSamePolicy() {
        List<String> strings = new ArrayList<>(List.of("3 1 1 aa", "3 1 1 bb", "2 0 1 cc"));
        String key = SessionPolicies.key(new AppliedPolicy(BLUE, TlsTrial.Type.TLSA, strings, List.of()));
        Collections.rotate(strings, 1);
        assertThat(SessionPolicies.key(new AppliedPolicy(BLUE, TlsTrial.Type.TLSA, strings, List.of())))
                .isEqualTo(key)
                .matches("tlsa:[0-9a-f]{16}");
        assertThat(SessionPolicies.key(new AppliedPolicy(BLUE, TlsTrial.Type.STS, strings, List.of())))
                .isNotEqualTo(key);
        assertThat(SessionPolicies.key(AppliedPolicy.none(BLUE))).isEqualTo("no-policy-found");
    }

    /// Whoever owns the domain may change its policy with each session, and give its failures any names.
    @Test
    void whatADomainCanFillIsBoundedAndTheSumsStayRight() throws IOException {
        ObservationLedger<SessionPolicies, SessionRow> ledger = open(new LedgerBounds(10, 1_000, 20, 30));
        String large = "x".repeat(10_000);
        for (int i = 0; i < 500; i++) {
            AppliedPolicy policy =
                    new AppliedPolicy(BLUE, TlsTrial.Type.STS, List.of("id " + i, large, large), List.of());
            ledger.observe(seen(failed(policy, Result.CERTIFICATE_HOST_MISMATCH, "h" + i + ".example", large)));
            ledger.observe(seen(good(policy)));
        }
        DaySummary<SessionPolicies, SessionRow> all = summary(ledger);
        assertThat(all.about().texts())
                .hasSize(SessionPolicies.MOST)
                .allSatisfy((key, text) -> assertThat(
                                text.strings().stream().mapToInt(String::length).sum())
                        .isLessThanOrEqualTo(4_000));
        assertThat(all.rows()).hasSize(22);
        assertThat(all.beyond()).isZero();
        assertThat(all.all()).isEqualTo(1_000);
        assertThat(all.rows().stream()
                        .filter(row -> row.failure().isPresent())
                        .mapToLong(SessionRow::count)
                        .sum())
                .isEqualTo(500);
        assertThat(all.rows()).contains(new SessionRow("sts", Optional.empty(), 490));
        assertThat(all.about().text("sts").strings()).isEmpty();
        assertThat(all.about().text("sts:0123456789abcdef").type()).isEqualTo(TlsTrial.Type.STS);
        ledger.flush();
        assertThat(summary(open(LedgerBounds.sessions()))).isEqualTo(all);
    }

    @Test
    void whatAllDomainsTogetherCanFillIsBoundedAndTold() throws IOException {
        ObservationLedger<SessionPolicies, SessionRow> ledger = open(new LedgerBounds(3, 2, 20, 30));
        for (int i = 0; i < 5; i++) {
            ledger.observe(seen(good(AppliedPolicy.none(DomainName.of("d" + i + ".example")))));
        }
        assertThat(ledger.open(DAY)).hasSize(3);
        assertThat(ledger.uncounted()).isEqualTo(2);
        assertThat(ledger.summary(DAY, DomainName.of("d2.example")).orElseThrow())
                .returns(1L, DaySummary::beyond)
                .returns(1L, DaySummary::all);
    }

    @Test
    void whatNobodyWantsIsForgottenWithoutATraceAndMakesRoom() throws IOException {
        ObservationLedger<SessionPolicies, SessionRow> ledger = open(new LedgerBounds(1, 1, 1, 30));
        ledger.observe(seen(good(STS)));
        ledger.flush();
        ledger.discard(DAY, BLUE);
        assertThat(ledger.open(DAY)).isEmpty();
        DomainName red = DomainName.of("red.example");
        ledger.observe(seen(good(AppliedPolicy.none(red))));
        assertThat(ledger.uncounted()).isZero();
        ledger.flush();
        assertThat(open(LedgerBounds.sessions()).open(DAY)).containsExactly(red);
        assertThat(ObservationLedger.settlements(FORM, folder)).isEmpty();
    }

    @Test
    void whatIsSettledAfterItWasDiscardedStaysSo() throws IOException {
        ObservationLedger<SessionPolicies, SessionRow> ledger = open(LedgerBounds.sessions());
        ledger.observe(seen(good(STS)));
        ledger.flush();
        ledger.discard(DAY, BLUE);
        ledger.observe(seen(good(STS)));
        DaySummary<SessionPolicies, SessionRow> summary = summary(ledger);
        ledger.observe(seen(good(STS)));
        ledger.settle(summary, Settlement.of(summary, clock.instant(), Settlement.Fate.SENT, "id"));
        ledger.flush();
        assertThat(summary(open(LedgerBounds.sessions())).all()).isOne();
    }

    @ParameterizedTest
    @EnumSource(TroubledDisk.Death.class)
    void deathAtAnyStepLosesOnlyWhatWasNotFlushed(TroubledDisk.Death death) throws IOException {
        for (int steps = 0; steps < 4; steps++) {
            Path place = folder.resolve(death + "-" + steps);
            ObservationLedger<SessionPolicies, SessionRow> ledger =
                    ObservationLedger.open(FORM, place, LedgerBounds.sessions(), clock, new TroubledDisk(steps, death));
            int flushed = 0;
            int observed = 0;
            boolean died = false;
            for (int i = 0; i < 4 && !died; i++) {
                ledger.observe(seen(good(STS)));
                observed++;
                try {
                    ledger.flush();
                    flushed = observed;
                } catch (IOException gone) {
                    died = true;
                }
            }
            assertThat(died).isTrue();
            long all = ObservationLedger.open(FORM, place, LedgerBounds.sessions(), clock)
                    .summary(DAY, BLUE)
                    .map(summary -> summary.all())
                    .orElse(0L);
            assertThat(all).isBetween((long) flushed, (long) observed);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seen\tblue.example\t1\tsts",
                "seen\tblue.example\t0\tsts\tsuccess",
                "seen\tblue.example\t1\tstx\tsuccess",
                "seen\tblue.example\t1\tsts:xyz\tsuccess",
                "seen\tblue.example\t1\tsts\tfailure",
                "seen\tblue.example\t1\tsts\tcertificate-expired,,,",
                "seen\tblue.example\t1\tsts\tcertificate-lost,,,,",
                "seen\tblue.example\t1\tsts\tcertificate-expired,a b,,,",
                "seen\tblue.example\t1\tsts\tcertificate-expired,,localhost,,",
                "policy\tblue.example\tsts",
                "policy\tblue.example\t",
                "policy\tblue.example",
            })
    void lineThatIsNoneIsToldSo(String text) {
        assertThat(LedgerLine.parse(FORM, DAY, text)).isEmpty();
    }

    @Test
    void policiesAreWrittenAsTheyAreRead() {
        SessionPolicies many = IntStream.range(0, SessionPolicies.MOST + 3)
                .mapToObj(i -> SessionPolicies.of(new AppliedPolicy(
                        BLUE,
                        i % 2 == 0 ? TlsTrial.Type.STS : TlsTrial.Type.TLSA,
                        List.of("", "a/b,c\td\n", "é" + i),
                        List.of("*.x"))))
                .reduce(SessionPolicies::with)
                .orElseThrow();
        assertThat(many.texts()).hasSize(SessionPolicies.MOST);
        assertThat(FORM.about(List.of(FORM.aboutText(many).split("\t", -1)))).contains(many);
        assertThat(many.with(many)).isSameAs(many);
    }
}
