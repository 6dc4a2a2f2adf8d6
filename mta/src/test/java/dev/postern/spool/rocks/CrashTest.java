package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.event.Events;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.DueEntry;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Stops a spool dead after each step, opens it again, and compares what is there with the tables
/// of `doc/internals/spool.md`.
class CrashTest {
    private static final byte[] SMALL = TestMessages.content(1, 4096);
    private static final byte[] LARGE = TestMessages.content(2, 400_000);

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();

    /// What ends the process in these tests.
    private static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;

        Stopped(Step after) {
            super("stopped after " + after, null, false, false);
        }
    }

    /// Stops everything after one step, once it is armed: no step after that is done by anybody.
    private static final class StopAfter implements Steps {
        private final Step last;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final BlockingQueue<Step> told = new LinkedBlockingQueue<>();
        private volatile boolean armed;

        StopAfter(Step last) {
            this.last = last;
        }

        @Override
        public void done(Step step) {
            if (armed && (step == last || stopped.getCount() == 0)) {
                stopped.countDown();
                throw new Stopped(step);
            }
            if (step == Step.CALLERS_TOLD) {
                told.add(step);
            }
        }

        /// Stops from now on, once the committer is over with so many batches.
        void armAfter(int batches) throws InterruptedException {
            for (int i = 0; i < batches; i++) {
                told.take();
            }
            armed = true;
        }
    }

    /// The committer's thread ends with {@link Stopped} here: that is no news.
    @BeforeEach
    void expectStopped() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (!(failure instanceof Stopped)) {
                failure.printStackTrace();
            }
        });
    }

    @AfterEach
    void expectNothing() {
        Thread.setDefaultUncaughtExceptionHandler(null);
    }

    private RocksSpool open(Steps steps) throws IOException {
        return RocksSpool.open(
                RocksSpoolSettings.in(folder.resolve("spool")), clock, Events.none(), Disk.real(), steps);
    }

    private static SpooledMessage insert(RocksSpool spool, SpooledMessage message, byte[] content) throws IOException {
        ContentDraft draft = spool.draft(message.id()); // not closed: a process that dies closes nothing
        draft.write(content, 0, content.length);
        spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        return message;
    }

    private SpooledMessage message(RocksSpool spool) {
        return TestMessages.simple(spool.nextId(), clock.instant());
    }

    /// A spool that has nothing left to do by itself, with a message that stays.
    private SpooledMessage witness(RocksSpool spool) throws IOException {
        return insert(spool, message(spool), SMALL);
    }

    static List<CrashTable.Row> small() throws IOException {
        return CrashTable.below("A message with a small content comes in");
    }

    static List<CrashTable.Row> large() throws IOException {
        return CrashTable.below("A message with a large content comes in");
    }

    static List<CrashTable.Row> changed() throws IOException {
        return CrashTable.below("A message with a large content is changed");
    }

    static List<CrashTable.Row> removed() throws IOException {
        return CrashTable.below("A message with a large content is removed");
    }

    @Test
    void theTablesHaveEachStep() throws IOException {
        assertThat(steps(large())).containsExactlyElementsOf(EnumSet.range(Step.FILE_BEGUN, Step.CALLERS_TOLD));
        assertThat(steps(small())).containsExactlyElementsOf(EnumSet.range(Step.BATCH_BUILT, Step.CALLERS_TOLD));
        assertThat(steps(changed())).containsExactlyElementsOf(EnumSet.range(Step.BATCH_BUILT, Step.CALLERS_TOLD));
        assertThat(steps(removed())).containsExactlyElementsOf(EnumSet.range(Step.BATCH_BUILT, Step.FILE_DELETED));
    }

    private static List<Step> steps(List<CrashTable.Row> rows) {
        return rows.stream().map(CrashTable.Row::after).toList();
    }

    @ParameterizedTest
    @MethodSource("small")
    void aSmallMessageComesIn(CrashTable.Row row) throws Exception {
        comesIn(row, SMALL);
    }

    @ParameterizedTest
    @MethodSource("large")
    void aLargeMessageComesIn(CrashTable.Row row) throws Exception {
        comesIn(row, LARGE);
    }

    private void comesIn(CrashTable.Row row, byte[] content) throws Exception {
        StopAfter steps = new StopAfter(row.after());
        RocksSpool spool = open(steps);
        SpooledMessage witness = witness(spool);
        SpooledMessage message = message(spool);
        steps.armAfter(1);
        crash(spool, steps, () -> insert(spool, message, content));
        if (row.record().equals("there")) {
            assertAfterStart(row, List.of(witness, message), message, content);
        } else {
            assertAfterStart(row, List.of(witness), message, content);
        }
    }

    @ParameterizedTest
    @MethodSource("changed")
    void aLargeMessageIsChanged(CrashTable.Row row) throws Exception {
        StopAfter steps = new StopAfter(row.after());
        RocksSpool spool = open(steps);
        SpooledMessage witness = witness(spool);
        SpooledMessage before = insert(spool, message(spool), LARGE);
        SpooledMessage after = TestMessages.deferred(before, clock.instant().plusSeconds(60));
        steps.armAfter(2);
        crash(spool, steps, () -> {
            spool.commit(List.of(new SpoolChange.Update(before, after)));
            return after;
        });
        SpooledMessage expected = row.record().equals("after") ? after : before;
        assertAfterStart(row, List.of(witness, expected), expected, LARGE);
    }

    @ParameterizedTest
    @MethodSource("removed")
    void aLargeMessageIsRemoved(CrashTable.Row row) throws Exception {
        StopAfter steps = new StopAfter(row.after());
        RocksSpool spool = open(steps);
        SpooledMessage witness = witness(spool);
        SpooledMessage message = insert(spool, message(spool), LARGE);
        steps.armAfter(2);
        crash(spool, steps, () -> {
            spool.commit(List.of(new SpoolChange.Remove(message)));
            return message;
        });
        if (row.record().equals("there")) {
            assertAfterStart(row, List.of(witness, message), message, LARGE);
        } else {
            assertAfterStart(row, List.of(witness), message, LARGE);
        }
    }

    /// Does something until the spool stops.
    private static void crash(RocksSpool spool, StopAfter steps, FileWork.Job<?> action) throws Exception {
        switch (steps.last) {
            case CALLERS_TOLD, FILE_DELETED -> action.run();
            case FILE_BEGUN, FILE_WRITTEN, FILE_SYNCED, FOLDER_SYNCED ->
                assertThatThrownBy(action::run).isInstanceOf(Stopped.class);
            case BATCH_BUILT, BATCH_WRITTEN -> assertThatThrownBy(action::run).isInstanceOf(SpoolException.class);
        }
        steps.stopped.await();
        spool.abandon();
    }

    private void assertAfterStart(
            CrashTable.Row row, List<SpooledMessage> expected, SpooledMessage message, byte[] content)
            throws Exception {
        for (int start = 1; start <= 2; start++) {
            try (RocksSpool spool = open(Steps.none())) {
                spool.awaitSweep();
                assertThat(spool.list(Optional.empty(), 10)).isEqualTo(expected);
                assertThat(spool.count()).isEqualTo(expected.size());
                assertThat(spool.due(Optional.empty(), clock.instant().plusSeconds(3600), 10))
                        .containsExactlyInAnyOrderElementsOf(expected.stream()
                                .map(there -> new DueEntry(there.due().orElseThrow(), there.id()))
                                .toList());
                assertThat(spool.aside(Optional.empty(), 10)).isEmpty();
                assertThat(files())
                        .isEqualTo(row.fileKept() ? Set.of(message.id().toString()) : Set.of());
                if (expected.contains(message)) {
                    try (InputStream in = spool.content(message.id()).open()) {
                        assertThat(in.readAllBytes()).isEqualTo(content);
                    }
                }
                assertThat(spool.nextId()).isGreaterThan(message.id());
            }
        }
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("spool/content"))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }

    /// A power cut tears the log at any octet.
    @Test
    void aTornLogHasEachTransactionWholeOrNotAtAll() throws Exception {
        RocksSpool spool = open(Steps.none());
        SpooledMessage first = witness(spool);
        Path log = log();
        long before = Files.size(log);
        SpooledMessage failing = insert(spool, message(spool), SMALL);
        long between = Files.size(log);
        SpooledMessage report = message(spool);
        ContentDraft draft = spool.draft(report.id());
        draft.write(SMALL, 0, SMALL.length);
        spool.commit(List.of(
                new SpoolChange.Insert(report, draft),
                new SpoolChange.Explain(failing.id(), List.of(TestMessages.decision(clock.instant(), "failed"))),
                new SpoolChange.Remove(failing)));
        long after = Files.size(log);
        spool.abandon();
        Path whole = folder.resolve("whole");
        Files.move(folder.resolve("spool"), whole);
        for (long cut : cuts(before, between, after)) {
            copy(whole, folder.resolve("spool"));
            try (FileChannel file = FileChannel.open(log(), StandardOpenOption.WRITE)) {
                file.truncate(cut);
            }
            try (RocksSpool torn = open(Steps.none())) {
                List<SpooledMessage> there = torn.list(Optional.empty(), 10);
                boolean explained = !torn.decisions(failing.id()).isEmpty();
                if (cut < between) {
                    assertThat(there).as("cut at %d", cut).containsExactly(first);
                } else if (cut < after) {
                    assertThat(there).as("cut at %d", cut).containsExactly(first, failing);
                } else {
                    assertThat(there).as("cut at %d", cut).containsExactly(first, report);
                }
                assertThat(explained).as("cut at %d", cut).isEqualTo(cut >= after);
                assertThat(torn.count()).isEqualTo(there.size());
                assertThat(torn.due(Optional.empty(), clock.instant(), 10)).hasSize(there.size());
                for (SpooledMessage message : there) {
                    try (InputStream in = torn.content(message.id()).open()) {
                        assertThat(in.readAllBytes()).isEqualTo(SMALL);
                    }
                }
            }
            delete(folder.resolve("spool"));
        }
    }

    private static List<Long> cuts(long before, long between, long after) {
        List<Long> cuts = new ArrayList<>(List.of(before, before + 1, between - 1, between, between + 1, after - 1));
        for (long cut = before + 3; cut < after; cut += (after - before) / 12) {
            cuts.add(cut);
        }
        cuts.add(after);
        return cuts;
    }

    /// The newest log of the database.
    private Path log() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("spool").resolve(RocksSpool.DATABASE))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (Path file : all.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void idsGrowAcrossACrashAlsoWhenTheClockJumpsBack() throws Exception {
        RocksSpool spool = open(Steps.none());
        witness(spool);
        QueueId last = spool.nextId();
        for (int i = 0; i < 1000; i++) {
            last = spool.nextId();
        }
        spool.abandon();
        clock.advance(Duration.ofDays(-30));
        try (RocksSpool again = open(Steps.none())) {
            assertThat(again.nextId()).isGreaterThan(last);
            last = again.nextId();
        }
        clock.advance(Duration.ofDays(-30));
        try (RocksSpool again = open(Steps.none())) {
            assertThat(again.nextId()).isGreaterThan(last);
        }
    }

    @Test
    void aMessageWhoseFileIsGoneIsSetAsideAndNotForgotten() throws Exception {
        RocksSpool spool = open(Steps.none());
        SpooledMessage message = insert(spool, message(spool), LARGE);
        SpooledMessage witness = witness(spool);
        spool.close();
        for (String name : files()) {
            try (Stream<Path> all = Files.walk(folder.resolve("spool/content"))) {
                Files.delete(all.filter(file -> file.endsWith(name)).findAny().orElseThrow());
            }
        }
        try (RocksSpool again = open(Steps.none())) {
            again.awaitSweep();
            assertThat(again.list(Optional.empty(), 10)).containsExactly(witness);
            assertThat(again.due(Optional.empty(), clock.instant(), 10)).hasSize(1);
            assertThat(again.count()).isEqualTo(1);
            assertThat(again.aside(Optional.empty(), 10))
                    .singleElement()
                    .satisfies(aside -> assertThat(aside.why()).contains("is gone"));
            assertThatThrownBy(() -> again.find(message.id()))
                    .isInstanceOf(SpoolException.Corrupt.class)
                    .hasMessageContaining("set aside");
            assertThatThrownBy(() -> again.content(message.id())).isInstanceOf(SpoolException.Corrupt.class);
        }
    }
}
