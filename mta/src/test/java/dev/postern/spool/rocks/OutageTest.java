package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.event.Event;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.DueEntry;
import dev.postern.spool.ManualClock;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk that refuses: nothing is lost, nothing is half there, and all goes on without a restart.
class OutageTest {
    private static final byte[] SMALL = TestMessages.content(1, 4096);
    private static final byte[] LARGE = TestMessages.content(2, 400_000);
    private static final String NO_SPACE = "No space left on device";
    private static final String BROKEN = "Input/output error";

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final FaultyDisk disk = new FaultyDisk();
    private final AtomicReference<Steps> steps = new AtomicReference<>(Steps.none());

    private RocksSpool spool;

    @BeforeEach
    void open() throws IOException {
        spool = RocksSpool.open(
                RocksSpoolSettings.in(folder.resolve("spool")),
                clock,
                events::add,
                disk,
                step -> steps.get().done(step));
    }

    @AfterEach
    void close() {
        spool.close();
    }

    /// Fails once at a step as a mistake of ours would.
    private void failOnceAt(Step failing) {
        steps.set(step -> {
            if (step == failing) {
                steps.set(Steps.none());
                throw new IllegalArgumentException("a failure at " + failing);
            }
        });
    }

    private <E extends Event> E await(Class<E> kind) throws InterruptedException {
        Event next = events.take();
        while (!kind.isInstance(next)) {
            next = events.take();
        }
        return kind.cast(next);
    }

    private SpooledMessage message() {
        return TestMessages.simple(spool.nextId(), clock.instant());
    }

    private SpooledMessage insert(byte[] content) throws IOException {
        SpooledMessage message = message();
        try (ContentDraft draft = spool.draft(message.id())) {
            draft.write(content, 0, content.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        return message;
    }

    private void assertThereIs(SpooledMessage... expected) throws IOException {
        assertThat(spool.list(Optional.empty(), 1000)).containsExactly(expected);
        assertThat(spool.count()).isEqualTo(expected.length);
        assertThat(spool.due(Optional.empty(), clock.instant().plusSeconds(3600), 1000))
                .containsExactlyInAnyOrderElementsOf(Stream.of(expected)
                        .map(message -> new DueEntry(message.due().orElseThrow(), message.id()))
                        .toList());
    }

    private void assertContent(SpooledMessage message, byte[] content) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("spool/content"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /// Whether the batch reached the disk or not: its callers were told that it did not happen, and
    /// so it did not.
    @ParameterizedTest
    @EnumSource(names = {"BATCH_BUILT", "BATCH_WRITTEN"})
    void aFailedBatchHasNotHappened(Step failing) throws Exception {
        SpooledMessage updated = insert(SMALL);
        SpooledMessage removed = insert(LARGE);
        SpooledMessage later = TestMessages.deferred(updated, clock.instant().plusSeconds(60));
        SpooledMessage fresh = message();
        failOnceAt(failing);
        try (ContentDraft draft = spool.draft(fresh.id())) {
            draft.write(LARGE, 0, LARGE.length);
            assertThatExceptionOfType(SpoolException.Broken.class)
                    .isThrownBy(() -> spool.commit(List.of(
                            new SpoolChange.Insert(fresh, draft),
                            new SpoolChange.Update(updated, later),
                            new SpoolChange.Remove(removed))))
                    .withMessageContaining("a failure at");
        }
        await(SpoolEvent.OutageEnded.class);
        assertThereIs(updated, removed);
        assertContent(updated, SMALL);
        assertContent(removed, LARGE);
        assertThat(files()).hasSize(1);
        SpooledMessage next = insert(LARGE);
        spool.close();
        open();
        spool.awaitSweep();
        assertThereIs(updated, removed, next);
        assertContent(removed, LARGE);
        assertContent(next, LARGE);
    }

    @ParameterizedTest
    @EnumSource(names = {"BATCH_BUILT", "BATCH_WRITTEN"})
    void lazyChangesSurviveAFailedBatch(Step failing) throws Exception {
        SpooledMessage finished = insert(LARGE);
        SpooledMessage tried = insert(SMALL);
        SpooledMessage later = TestMessages.deferred(tried, clock.instant().plusSeconds(60));
        SpooledMessage refused = message();
        CountDownLatch inLine = new CountDownLatch(1);
        Semaphore held = new Semaphore(0);
        steps.set(step -> {
            if (step == Step.BATCH_BUILT) {
                held.release();
                awaitQuietly(inLine);
                failOnceAt(failing);
            }
        });
        spool.commitLazily(List.of(new SpoolChange.Explain(tried.id(), List.of())));
        held.acquire();
        spool.commitLazily(List.of(new SpoolChange.Remove(finished)));
        spool.commitLazily(List.of(new SpoolChange.Update(tried, later)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> commit = threads.submit(() -> {
                try (ContentDraft draft = spool.draft(refused.id())) {
                    draft.write(SMALL, 0, SMALL.length);
                    spool.commit(List.of(new SpoolChange.Insert(refused, draft)));
                }
                return refused;
            });
            while (spool.waiting() < 3) {
                Thread.onSpinWait();
            }
            inLine.countDown();
            assertThatThrownBy(commit::get).hasCauseInstanceOf(SpoolException.Broken.class);
        }
        await(SpoolEvent.OutageEnded.class);
        assertThereIs(later);
        assertContent(later, SMALL);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException end) {
            throw new IllegalStateException(end);
        }
    }

    @Test
    void anOutageLastsAsLongAsTheDiskRefuses() throws Exception {
        SpooledMessage there = insert(SMALL);
        disk.failAfter(0, NO_SPACE);
        failOnceAt(Step.BATCH_BUILT);
        assertThatExceptionOfType(SpoolException.Broken.class).isThrownBy(() -> insert(SMALL));
        await(SpoolEvent.OutageBegan.class);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> insert(SMALL)).isInstanceOf(SpoolException.class);
            assertThatThrownBy(() -> spool.commit(List.of(new SpoolChange.Remove(there))))
                    .isInstanceOf(SpoolException.class);
            assertThatThrownBy(() -> spool.commitLazily(List.of(new SpoolChange.Remove(there))))
                    .isInstanceOf(SpoolException.class);
            assertThat(spool.find(there.id())).as("reads go on").contains(there);
        }
        assertThat(events).noneMatch(SpoolEvent.OutageEnded.class::isInstance);
        disk.repair();
        await(SpoolEvent.OutageEnded.class);
        SpooledMessage next = insert(LARGE);
        assertThereIs(there, next);
    }

    /// Creating, writing in pieces, syncing the file, syncing the folder: each fails once.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void aContentFileThatFailsLeavesNothingBehind(int operations) throws Exception {
        SpooledMessage there = insert(SMALL);
        SpooledMessage failing = message();
        disk.failAfter(operations, NO_SPACE);
        assertThatExceptionOfType(SpoolException.Full.class)
                .isThrownBy(() -> {
                    try (ContentDraft draft = spool.draft(failing.id())) {
                        for (int at = 0; at < LARGE.length; at += 100_000) {
                            draft.write(LARGE, at, 100_000);
                        }
                        spool.commit(List.of(new SpoolChange.Insert(failing, draft)));
                    }
                })
                .withMessageContaining(folder.toString());
        assertThat(disk.left()).as("operations that went well").isNegative();
        assertThat(files()).isEmpty();
        assertThereIs(there);
        disk.repair();
        SpooledMessage next = insert(LARGE);
        assertContent(next, LARGE);
        assertThereIs(there, next);
    }

    @Test
    void anErrorThatIsNotLackOfRoomIsBroken() throws Exception {
        disk.failAfter(1, BROKEN);
        assertThatExceptionOfType(SpoolException.Broken.class)
                .isThrownBy(() -> insert(LARGE))
                .withMessageContaining(BROKEN);
        assertThat(files()).isEmpty();
    }

    @Test
    void aDraftThatFailedTakesNoMoreAndIsNoMessage() throws Exception {
        SpooledMessage message = message();
        try (ContentDraft draft = spool.draft(message.id())) {
            disk.failAfter(1, NO_SPACE);
            assertThatExceptionOfType(SpoolException.Full.class).isThrownBy(() -> draft.write(LARGE, 0, LARGE.length));
            disk.repair();
            assertThatThrownBy(() -> draft.write(SMALL, 0, 1)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(draft::content).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> spool.commit(List.of(new SpoolChange.Insert(message, draft))))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThereIs();
        assertThat(files()).isEmpty();
    }

    @Test
    void theReserveStopsNewContentAndNothingElse() throws Exception {
        SpooledMessage first = insert(SMALL);
        SpooledMessage second = insert(SMALL);
        spool.close();
        disk.room(50L * 1024 * 1024);
        open();
        assertThatExceptionOfType(SpoolException.Full.class)
                .isThrownBy(() -> spool.draft(spool.nextId()))
                .withMessageContaining("50 MiB")
                .withMessageContaining("100 MiB");
        SpooledMessage later = TestMessages.deferred(first, clock.instant().plusSeconds(60));
        spool.commit(List.of(new SpoolChange.Update(first, later), new SpoolChange.Remove(second)));
        assertThereIs(later);
    }

    @Test
    void aDamagedMessageIsSetAsideAndTheOthersGoOn() throws Exception {
        SpooledMessage good = insert(SMALL);
        SpooledMessage bad = insert(SMALL);
        spool.close();
        try (Store store = Store.open(folder.resolve("spool/db"), RocksSpoolSettings.MemorySettings.byDefault())) {
            byte[] key = Keys.id(bad.id().value());
            byte[] record = Objects.requireNonNull(store.get(Store.Family.MESSAGE, key));
            record[0] = 99;
            store.database().put(store.family(Store.Family.MESSAGE), store.synced(), key, record);
        }
        open();
        assertThatExceptionOfType(SpoolException.Corrupt.class)
                .isThrownBy(() -> spool.find(bad.id()))
                .withMessageContaining("version 99")
                .withMessageContaining("newer Postern");
        assertThat(await(SpoolEvent.SetAside.class).id()).isEqualTo(bad.id());
        assertThereIs(good);
        assertThat(spool.aside(Optional.empty(), 10)).hasSize(1);
    }

    @Test
    void theDiskHasItsRoomBackAfterAFlood() throws Exception {
        List<SpoolChange> removals = flood();
        spool.close();
        open(); // writes what is in the log to tables and blob files
        assertThat(octetsOf("sst|blob")).isGreaterThan(9_000_000);
        spool.commitLazily(removals);
        assertThat(await(SpoolEvent.SpaceCollected.class).removed()).isEqualTo(1000);
        assertThat(octetsOf("sst|blob")).isLessThan(1_000_000);
        assertThereIs();
    }

    @Test
    void theLogGoesAfterAFloodAsWell() throws Exception {
        List<SpoolChange> removals = flood();
        assertThat(octetsOf("log")).isGreaterThan(9_000_000);
        spool.commitLazily(removals);
        await(SpoolEvent.SpaceCollected.class);
        spool.close(); // what is to be deleted is deleted by now
        assertThat(octetsOf("log")).isLessThan(1_000_000);
        open();
        assertThereIs();
    }

    /// Ten megabytes of messages.
    ///
    /// @return what takes them away again
    private List<SpoolChange> flood() throws Exception {
        List<SpoolChange> removals = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            SpooledMessage message = message();
            try (ContentDraft draft = spool.draft(message.id())) {
                byte[] octets = TestMessages.content(i, 10_000);
                draft.write(octets, 0, octets.length);
                spool.commit(List.of(new SpoolChange.Insert(message, draft)));
            }
            removals.add(new SpoolChange.Remove(message));
        }
        return removals;
    }

    /// What files of the database take whose names end so.
    private long octetsOf(String endings) throws IOException {
        long octets = 0;
        try (Stream<Path> all = Files.list(folder.resolve("spool/db"))) {
            for (Path file : all.filter(name -> name.toString().matches(".*[.](" + endings + ")"))
                    .toList()) {
                octets += Files.size(file);
            }
        }
        return octets;
    }
}
