package dev.postern.reportstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.spool.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservationLedgerTest {
    private static final LocalDate DAY = LocalDate.parse("2026-06-01");
    private static final Instant NEXT = Instant.parse("2026-06-02T00:00:00Z");
    private static final MessageForm FORM = new MessageForm();
    private static final DomainName BLUE = DomainName.of("blue.example");

    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();

    private ObservationLedger<DmarcRecord, AggregateRow> open() throws IOException {
        return ObservationLedger.open(FORM, folder, LedgerBounds.usual(), clock);
    }

    private static void observe(ObservationLedger<DmarcRecord, AggregateRow> ledger, String source, int times) {
        for (int i = 0; i < times; i++) {
            ledger.observe(Rows.seen("blue.example", source));
        }
    }

    private static List<AggregateRow> rows(ObservationLedger<DmarcRecord, AggregateRow> ledger) {
        return ledger.summary(DAY, BLUE).map(DaySummary::rows).orElse(List.of());
    }

    private static void settle(ObservationLedger<DmarcRecord, AggregateRow> ledger) throws IOException {
        DaySummary<DmarcRecord, AggregateRow> summary =
                ledger.summary(DAY, BLUE).orElseThrow();
        ledger.settle(
                summary,
                Settlement.of(
                        summary,
                        ObservationLedger.until(DAY, NEXT.plusSeconds(1)),
                        Settlement.Fate.SENT,
                        "id to dmarc@blue.example"));
    }

    @Test
    void messagesThatWereJudgedAlikeShareARow() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 3);
        observe(ledger, "192.0.2.2", 1);
        ledger.observe(new Observation<>(BLUE, Rows.RECORD, Rows.full()));
        assertThat(rows(ledger)).containsExactly(Rows.row("192.0.2.1", 3), Rows.row("192.0.2.2", 1), Rows.full());
        assertThat(ledger.summary(DAY, BLUE).orElseThrow())
                .returns(7L, DaySummary::all)
                .returns(Rows.RECORD, DaySummary::about)
                .returns(Instant.parse("2026-06-01T00:00:00Z"), DaySummary::begin);
    }

    @Test
    void daysAreThoseOfUtc() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        clock.advance(Duration.ofHours(12).minusNanos(1));
        observe(ledger, "192.0.2.1", 1);
        clock.advance(Duration.ofNanos(1));
        observe(ledger, "192.0.2.1", 1);
        assertThat(ledger.days()).containsExactly(DAY, DAY.plusDays(1));
        assertThat(rows(ledger)).containsExactly(Rows.row("192.0.2.1", 1));
    }

    @Test
    void restartFindsWhatWasFlushedAndOnlyThat() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 3);
        ledger.flush();
        observe(ledger, "192.0.2.1", 2);
        ledger.flush();
        ledger.flush();
        observe(ledger, "192.0.2.1", 50);
        assertThat(rows(open())).containsExactly(Rows.row("192.0.2.1", 5));
    }

    @Test
    void policyThatWasSeenLastHolds() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 1);
        ledger.flush();
        DmarcRecord other =
                DmarcRecord.parse("v=DMARC1; p=none; rua=mailto:x@blue.example").orElseThrow();
        ledger.observe(new Observation<>(BLUE, other, Rows.row("192.0.2.1", 1)));
        ledger.flush();
        assertThat(open().summary(DAY, BLUE))
                .hasValueSatisfying(summary -> assertThat(summary.about()).isEqualTo(other));
    }

    @Test
    void whatIsSettledIsNeverToldAgainAndWhatCameMeanwhileIs() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 3);
        observe(ledger, "192.0.2.2", 1);
        DaySummary<DmarcRecord, AggregateRow> summary =
                ledger.summary(DAY, BLUE).orElseThrow();
        observe(ledger, "192.0.2.1", 2);
        Instant now = clock.instant();
        ledger.settle(summary, Settlement.of(summary, now, Settlement.Fate.SENT, "id to dmarc@blue.example"));
        for (ObservationLedger<DmarcRecord, AggregateRow> one : List.of(ledger, open())) {
            assertThat(rows(one)).containsExactly(Rows.row("192.0.2.1", 2));
            assertThat(one.summary(DAY, BLUE).orElseThrow().begin()).isEqualTo(now);
        }
        assertThat(ObservationLedger.settlements(FORM, folder))
                .containsExactly(new Settlement(DAY, BLUE, now, 4, Settlement.Fate.SENT, "id to dmarc@blue.example"));
    }

    @Test
    void dayThatIsSettledHasNoOpenDomain() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 3);
        ledger.observe(Rows.seen("red.example", "192.0.2.1"));
        settle(ledger);
        assertThat(ledger.open(DAY)).containsExactly(DomainName.of("red.example"));
        assertThat(ledger.summary(DAY, BLUE)).isEmpty();
        ledger.flush();
        assertThat(open().open(DAY)).containsExactly(DomainName.of("red.example"));
    }

    @Test
    void whatIsBeyondTheBoundsIsCountedOnly() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger =
                ObservationLedger.open(FORM, folder, new LedgerBounds(2, 4, 3, 30), clock);
        for (int i = 1; i <= 5; i++) {
            observe(ledger, "192.0.2." + i, 1);
        }
        observe(ledger, "192.0.2.1", 1);
        ledger.observe(Rows.seen("red.example", "192.0.2.1"));
        ledger.observe(Rows.seen("red.example", "192.0.2.2"));
        ledger.observe(Rows.seen("green.example", "192.0.2.1"));
        assertThat(rows(ledger))
                .containsExactly(Rows.row("192.0.2.1", 2), Rows.row("192.0.2.2", 1), Rows.row("192.0.2.3", 1));
        assertThat(ledger.summary(DAY, BLUE).orElseThrow().beyond()).isEqualTo(2);
        assertThat(ledger.summary(DAY, DomainName.of("red.example")).orElseThrow())
                .returns(1L, DaySummary::beyond)
                .returns(2L, DaySummary::all);
        assertThat(ledger.uncounted()).isOne();
        ledger.flush();
        assertThat(open().summary(DAY, BLUE).orElseThrow().beyond()).isEqualTo(2);
        // what is settled makes room
        settle(ledger);
        ledger.observe(Rows.seen("green.example", "192.0.2.1"));
        assertThat(ledger.open(DAY)).contains(DomainName.of("green.example"));
    }

    @Test
    void fileDoesNotGrowWithTheNumberOfFlushes() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        for (int i = 0; i < 9_000; i++) {
            observe(ledger, "192.0.2.1", 1);
            ledger.flush();
        }
        assertThat(Files.size(folder.resolve("seen-2026-06-01"))).isLessThan(400_000);
        assertThat(rows(open())).containsExactly(Rows.row("192.0.2.1", 9_000));
    }

    @Test
    void oldDaysAreForgotten() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 1);
        ledger.flush();
        clock.advance(Duration.ofDays(30));
        ledger.forget();
        assertThat(ledger.days()).containsExactly(DAY);
        clock.advance(Duration.ofDays(1));
        ledger.forget();
        assertThat(ledger.days()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void lineThatWasBeingWrittenDoesNotCountAndIsNotWrittenBehind() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger = open();
        observe(ledger, "192.0.2.1", 3);
        ledger.flush();
        Path file = folder.resolve("seen-2026-06-01");
        Files.writeString(
                file,
                new LedgerLine.Seen<DmarcRecord, AggregateRow>(BLUE, Rows.row("192.0.2.2", 1)).text(FORM),
                StandardCharsets.ISO_8859_1,
                StandardOpenOption.APPEND);
        ObservationLedger<DmarcRecord, AggregateRow> again = open();
        assertThat(again.unread()).isOne();
        observe(again, "192.0.2.1", 1);
        again.flush();
        assertThat(open().unread()).isZero();
        assertThat(rows(open())).containsExactly(Rows.row("192.0.2.1", 4));
    }

    /// The server dies at each step of a day, in each way; nothing is counted twice, nothing that was flushed is lost,
    /// and what was settled stays so.
    @ParameterizedTest
    @EnumSource(TroubledDisk.Death.class)
    void deathAtAnyStepCountsNothingTwiceAndLosesOnlyWhatWasNotFlushed(TroubledDisk.Death death) throws IOException {
        int survived = 0;
        for (int steps = 0; steps < 5; steps++) {
            Path place = folder.resolve(death + "-" + steps);
            ObservationLedger<DmarcRecord, AggregateRow> ledger =
                    ObservationLedger.open(FORM, place, LedgerBounds.usual(), clock, new TroubledDisk(steps, death));
            boolean settled = false;
            int flushed = 0;
            int observed = 0;
            try {
                for (int i = 0; i < 2; i++) {
                    observe(ledger, "192.0.2.1", 3);
                    observed += 3;
                    ledger.flush();
                    flushed = observed;
                }
                settle(ledger);
                settled = true;
                observe(ledger, "192.0.2.2", 1);
                ledger.flush();
                survived++;
            } catch (IOException gone) {
                assertThatIOException().isThrownBy(ledger::flush);
            }
            ObservationLedger<DmarcRecord, AggregateRow> again =
                    ObservationLedger.open(FORM, place, LedgerBounds.usual(), clock);
            long messages = again.summary(DAY, BLUE).map(DaySummary::all).orElse(0L);
            List<Settlement> settlements = ObservationLedger.settlements(FORM, place);
            if (settlements.isEmpty()) {
                assertThat(settled).isFalse();
                assertThat(messages).isBetween((long) flushed, (long) observed);
            } else {
                assertThat(settlements).singleElement().returns(6L, Settlement::count);
                assertThat(messages).isBetween(0L, 1L);
            }
            // and life goes on
            observe(again, "192.0.2.9", 1);
            again.flush();
            assertThat(ObservationLedger.open(FORM, place, LedgerBounds.usual(), clock)
                            .summary(DAY, BLUE)
                            .orElseThrow()
                            .all())
                    .isEqualTo(messages + 1);
        }
        assertThat(survived).isOne();
    }

    @Test
    void diskThatIsFullForAWhileLosesNothing() throws IOException {
        ObservationLedger<DmarcRecord, AggregateRow> ledger =
                ObservationLedger.open(FORM, folder, LedgerBounds.usual(), clock, new Disk() {
                    private final Disk real = Disk.real();
                    private int calls;

                    @Override
                    public void append(Path file, byte[] octets) throws IOException {
                        real.append(file, octets);
                        if (calls++ == 0) {
                            throw new IOException("No space left on device");
                        }
                    }

                    @Override
                    public void replace(Path file, byte[] octets) throws IOException {
                        real.replace(file, octets);
                    }

                    @Override
                    public void delete(Path file) throws IOException {
                        real.delete(file);
                    }
                });
        observe(ledger, "192.0.2.1", 3);
        assertThatIOException().isThrownBy(ledger::flush);
        observe(ledger, "192.0.2.1", 1);
        ledger.flush();
        assertThat(rows(open())).containsExactly(Rows.row("192.0.2.1", 4));
    }
}
