package dev.postern.reportstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.dns.DomainName;
import dev.postern.feedback.ReportLimits;
import dev.postern.feedback.ReportReader;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportArchiveTest {
    private static final byte[] MESSAGE = "Subject: hello\r\n\r\nbody\n\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();
    private int serial;

    private ArchivedReport arrived(String author) {
        clock.advance(Duration.ofSeconds(1));
        return new ArchivedReport(
                clock.instant(),
                new QueueId(++serial),
                Optional.of(author).filter(name -> !name.isEmpty()).map(DomainName::of));
    }

    private static ReportClaim claim(String reporter, String id) {
        return new ReportClaim(ReportClaim.Kind.AGGREGATE, reporter, id);
    }

    private List<ArchivedReport> kept() throws IOException {
        List<ArchivedReport> all = new ArrayList<>();
        assertThat(ReportArchive.read(
                        folder, Instant.EPOCH, new ReportReader(ReportLimits.DEFAULT), (one, _) -> all.add(one)))
                .isEmpty();
        return all;
    }

    private ReportArchive open(ArchiveBounds bounds) throws IOException {
        return ReportArchive.open(folder, bounds, clock);
    }

    @Test
    void reportIsKeptAsItCame() throws IOException {
        ArchivedReport one = arrived("receiver.example");
        ArchivedReport two = arrived("");
        ReportArchive archive = open(ArchiveBounds.usual());
        assertThat(archive.keep(one, claim("A", "1"), MESSAGE)).isTrue();
        assertThat(archive.keep(two, claim("A", "2"), MESSAGE)).isTrue();
        assertThat(kept()).containsExactly(one, two);
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(Files.readString(file, StandardCharsets.US_ASCII))
                            .endsWith("\n\n" + new String(MESSAGE, StandardCharsets.US_ASCII)));
        }
    }

    @Test
    void sameReportIsKeptOnceAlsoAfterARestart() throws IOException {
        ReportArchive archive = open(ArchiveBounds.usual());
        archive.keep(arrived("receiver.example"), claim("A", "1"), MESSAGE);
        assertThat(archive.keep(arrived("receiver.example"), claim("A", "1"), MESSAGE))
                .isFalse();
        ReportArchive again = open(ArchiveBounds.usual());
        assertThat(again.keep(arrived("receiver.example"), claim("A", "1"), MESSAGE))
                .isFalse();
        assertThat(again.keep(arrived("receiver.example"), claim("A", "2"), MESSAGE))
                .isTrue();
        assertThat(again.keep(arrived("receiver.example"), claim("B", "1"), MESSAGE))
                .isTrue();
        assertThat(kept()).hasSize(3);
    }

    @Test
    void reportThatNobodyVouchesForDoesNotStandInTheWayOfTheRealOne() throws IOException {
        ReportArchive archive = open(ArchiveBounds.usual());
        assertThat(archive.keep(arrived(""), claim("receiver.example", "1"), MESSAGE))
                .isTrue();
        assertThat(archive.keep(arrived("evil.example"), claim("receiver.example", "1"), MESSAGE))
                .isTrue();
        assertThat(archive.keep(arrived("receiver.example"), claim("receiver.example", "1"), MESSAGE))
                .isTrue();
    }

    @Test
    void reportsWithoutANameAreEachNew() throws IOException {
        ReportArchive archive = open(ArchiveBounds.usual());
        ReportClaim nameless = new ReportClaim(ReportClaim.Kind.FAILURE, "mx.receiver.example", "");
        assertThat(archive.keep(arrived("receiver.example"), nameless, MESSAGE)).isTrue();
        assertThat(archive.keep(arrived("receiver.example"), nameless, MESSAGE)).isTrue();
    }

    @Test
    void oldestGoFirst() throws IOException {
        ReportArchive byNumber = open(new ArchiveBounds(3, 1 << 20, Duration.ofDays(10)));
        List<ArchivedReport> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(arrived("receiver.example"));
            byNumber.keep(all.getLast(), claim("A", "" + i), MESSAGE);
        }
        assertThat(kept()).isEqualTo(all.subList(2, 5));
        long size = kept().size() * 120L;
        ReportArchive byOctets = open(new ArchiveBounds(100, size, Duration.ofDays(10)));
        all.add(arrived("receiver.example"));
        byOctets.keep(all.getLast(), claim("A", "5"), MESSAGE);
        assertThat(kept()).contains(all.get(5)).doesNotContain(all.get(2));
        ReportArchive byAge = open(new ArchiveBounds(100, 1 << 20, Duration.ofDays(10)));
        clock.advance(Duration.ofDays(10));
        all.add(arrived("receiver.example"));
        byAge.keep(all.getLast(), claim("A", "6"), MESSAGE);
        assertThat(kept()).containsExactly(all.getLast());
        // what was dropped may come again
        assertThat(byAge.keep(arrived("receiver.example"), claim("A", "0"), MESSAGE))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(TroubledDisk.Death.class)
    void reportIsThereAsAWholeOrNotAtAll(TroubledDisk.Death death) throws IOException {
        ReportArchive archive = ReportArchive.open(folder, ArchiveBounds.usual(), clock, new TroubledDisk(0, death));
        ArchivedReport report = arrived("receiver.example");
        assertThatIOException().isThrownBy(() -> archive.keep(report, claim("A", "1"), MESSAGE));
        ReportArchive again = open(ArchiveBounds.usual());
        boolean isNew = again.keep(report, claim("A", "1"), MESSAGE);
        assertThat(isNew).isEqualTo(death != TroubledDisk.Death.AFTER);
        assertThat(kept()).containsExactly(report);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void strangeFilesAreNamed() throws IOException {
        Files.writeString(folder.resolve("00000000000001-x.report"), "hello");
        Files.writeString(folder.resolve("notes.txt"), "hello");
        List<String> strange =
                ReportArchive.read(folder, Instant.EPOCH, new ReportReader(ReportLimits.DEFAULT), (_, _) -> {
                    throw new AssertionError("no report");
                });
        assertThat(strange).containsExactly("00000000000001-x.report");
        assertThat(ReportArchive.read(
                        folder.resolve("nowhere"), Instant.EPOCH, new ReportReader(ReportLimits.DEFAULT), (_, _) -> {}))
                .isEmpty();
    }
}
