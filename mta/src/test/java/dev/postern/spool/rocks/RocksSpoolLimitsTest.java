package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.event.Events;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ManualClock;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import dev.postern.spool.rocks.RocksSpoolSettings.LoadSettings;
import dev.postern.spool.rocks.RocksSpoolSettings.MemorySettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is bounded, and what is refused.
class RocksSpoolLimitsTest {
    private static final long MIB = 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(20);

    @TempDir(factory = QuickFolder.class)
    private Path folder;

    private final ManualClock clock = ManualClock.atNoon();

    /// Holds the committer before it writes.
    private static final class Hold implements Steps {
        private final Semaphore held = new Semaphore(0);
        private final CountDownLatch over = new CountDownLatch(1);

        @Override
        public void done(Step step) {
            if (step == Step.BATCH_BUILT) {
                held.release();
                try {
                    over.await();
                } catch (InterruptedException end) {
                    throw new IllegalStateException(end);
                }
            }
        }
    }

    private RocksSpoolSettings settings() {
        return RocksSpoolSettings.in(folder.resolve("spool"));
    }

    private RocksSpool open(RocksSpoolSettings settings) throws SpoolException {
        return RocksSpool.open(settings, clock, Events.none());
    }

    private SpooledMessage insert(RocksSpool spool) throws IOException {
        SpooledMessage message = TestMessages.simple(spool.nextId(), clock.instant());
        try (ContentDraft draft = spool.draft(message.id())) {
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        return message;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("spool/content"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aSecondSpoolInTheSameFolderIsRefused() throws Exception {
        try (RocksSpool first = open(settings())) {
            assertThatExceptionOfType(SpoolException.Broken.class)
                    .isThrownBy(() -> open(settings()))
                    .withMessage("the spool in %s is in use by this process", folder.resolve("spool"));
            insert(first);
        }
        try (RocksSpool next = open(settings())) {
            assertThat(next.count()).isEqualTo(1);
        }
    }

    @Test
    void aProcessIsRefusedWhatAnotherHas() throws Exception {
        try (RocksSpool first = open(settings())) {
            Process second = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KilledSpool.class.getName(),
                            folder.resolve("spool").toString())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(second.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
            assertThat(second.waitFor()).isNotZero();
            assertThat(output).contains("the spool in " + folder.resolve("spool") + " is in use by another process");
            assertThat(first.count()).isZero();
        }
    }

    @Test
    void aFolderThatIsNoneIsRefusedInOneSentence() throws Exception {
        Files.createFile(folder.resolve("spool"));
        assertThatExceptionOfType(SpoolException.Broken.class)
                .isThrownBy(() -> open(settings()))
                .withMessageContaining(folder.resolve("spool").toString());
    }

    @Test
    void aSpoolOfANewerFormatIsRefused() throws Exception {
        open(settings()).close();
        try (Store store = Store.open(folder.resolve("spool/db"), MemorySettings.byDefault())) {
            byte[] format = {'f', 'o', 'r', 'm', 'a', 't'};
            store.database().put(store.family(Store.Family.META), store.synced(), format, new byte[] {2});
        }
        assertThatExceptionOfType(SpoolException.Corrupt.class)
                .isThrownBy(() -> open(settings()))
                .withMessageContaining("has format 02")
                .withMessageContaining("a newer Postern");
    }

    @Test
    void draftsShareABoundedMemoryAndGoToFilesBeyondIt() throws Exception {
        byte[] octets = TestMessages.content(1, 200 * 1024);
        List<ContentDraft> drafts = new ArrayList<>();
        List<SpooledMessage> messages = new ArrayList<>();
        try (RocksSpool spool = open(settings().with(new MemorySettings(MIB, 16 * MIB, 8 * MIB, 16 * MIB, 64)))) {
            for (int i = 0; i < 50; i++) {
                messages.add(TestMessages.simple(spool.nextId(), clock.instant()));
                drafts.add(spool.draft(messages.getLast().id()));
            }
            for (int at = 0; at < octets.length; at += 1024) {
                for (ContentDraft draft : drafts) {
                    draft.write(octets, at, 1024);
                    assertThat(spool.draftMemoryLeft()).isBetween(0L, MIB);
                }
            }
            assertThat(files()).as("drafts that got no memory").hasSizeBetween(40, 49);
            for (int i = 0; i < 50; i++) {
                spool.commit(List.of(new SpoolChange.Insert(messages.get(i), drafts.get(i))));
                drafts.get(i).close();
            }
            assertThat(spool.draftMemoryLeft()).isEqualTo(MIB);
            for (SpooledMessage message : messages) {
                try (InputStream in = spool.content(message.id()).open()) {
                    assertThat(in.readAllBytes()).isEqualTo(octets);
                }
            }
        }
    }

    @Test
    void aForgottenDraftGivesItsMemoryBack() throws Exception {
        try (RocksSpool spool = open(settings())) {
            long before = spool.draftMemoryLeft();
            try (ContentDraft draft = spool.draft(spool.nextId())) {
                draft.write(new byte[100_000], 0, 100_000);
                assertThat(spool.draftMemoryLeft()).isLessThan(before);
            }
            assertThat(spool.draftMemoryLeft()).isEqualTo(before);
        }
    }

    @Test
    void whoWaitsTooLongWithdrawsAndNothingHasHappened() throws Exception {
        Hold hold = new Hold();
        RocksSpoolSettings impatient = settings().with(new LoadSettings(1, SHORT));
        try (RocksSpool spool = RocksSpool.open(impatient, clock, Events.none(), Disk.real(), hold);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SpooledMessage> taken = threads.submit(() -> insert(spool));
            hold.held.acquire();
            assertThatExceptionOfType(SpoolException.TooSlow.class)
                    .isThrownBy(() -> insert(spool))
                    .withMessageContaining("did not begin to write");
            assertThatExceptionOfType(SpoolException.TooSlow.class)
                    .as("the place in the line is still taken")
                    .isThrownBy(() -> insert(spool))
                    .withMessageContaining("was full");
            hold.over.countDown();
            SpooledMessage only = taken.get();
            assertThat(insertWithPatience(spool)).isNotNull();
            assertThat(spool.list(Optional.empty(), 10)).hasSize(2).startsWith(only);
        }
    }

    @Test
    void howMuchThereIsToDoIsToldWhileTheDiskIsSlow() throws Exception {
        Hold hold = new Hold();
        RocksSpoolSettings settings = settings().with(new LoadSettings(4, Duration.ofMinutes(1)));
        try (RocksSpool spool = RocksSpool.open(settings, clock, Events.none(), Disk.real(), hold);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(spool.load().write()).isZero();
            assertThat(spool.load().line()).isZero();
            Future<SpooledMessage> taken = threads.submit(() -> insert(spool));
            hold.held.acquire();
            Future<SpooledMessage> waiting = threads.submit(() -> insert(spool));
            while (spool.waiting() < 1) {
                Thread.onSpinWait();
            }
            assertThat(spool.load().line()).isEqualTo(0.25);
            Duration before = spool.load().write();
            while (spool.load().write().equals(before)) {
                Thread.onSpinWait();
            }
            assertThat(spool.load().write()).isGreaterThan(before);
            assertThat(spool.load().free()).isPositive();
            hold.over.countDown();
            assertThat(taken.get()).isNotNull();
            assertThat(waiting.get()).isNotNull();
            assertThat(spool.load().line()).isZero();
        }
    }

    /// Inserts, again if the spool was too slow, as a peer would.
    private SpooledMessage insertWithPatience(RocksSpool spool) throws IOException {
        while (true) {
            try {
                return insert(spool);
            } catch (SpoolException.TooSlow again) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void anInterruptedCallerThatWaitsWithdraws() throws Exception {
        Hold hold = new Hold();
        try (RocksSpool spool = RocksSpool.open(settings(), clock, Events.none(), Disk.real(), hold);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<SpooledMessage> taken = threads.submit(() -> insert(spool));
            hold.held.acquire();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(SpoolException.TooSlow.class)
                    .isThrownBy(() -> insert(spool))
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            hold.over.countDown();
            SpooledMessage only = taken.get();
            assertThat(spool.list(Optional.empty(), 10)).containsExactly(only);
        }
    }

    @Test
    void virtualThreadsNeverRunTheSpoolsNativeCode() throws Exception {
        List<Boolean> virtual = java.util.Collections.synchronizedList(new ArrayList<>());
        List<String> names = java.util.Collections.synchronizedList(new ArrayList<>());
        Steps steps = step -> {
            virtual.add(Thread.currentThread().isVirtual());
            names.add(Thread.currentThread().getName());
        };
        try (RocksSpool spool = RocksSpool.open(settings(), clock, Events.none(), Disk.real(), steps);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            SpooledMessage message = TestMessages.simple(spool.nextId(), clock.instant());
            threads.submit(() -> {
                        try (ContentDraft draft = spool.draft(message.id())) {
                            draft.write(new byte[500_000], 0, 500_000);
                            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
                        }
                        return null;
                    })
                    .get();
        }
        assertThat(virtual).isNotEmpty().containsOnly(false);
        assertThat(names).allMatch(name -> name.startsWith("spool-"));
    }
}
