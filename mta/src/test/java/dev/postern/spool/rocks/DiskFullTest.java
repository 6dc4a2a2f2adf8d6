package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.postern.event.Event;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.Retention;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.TestMessages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk that is really full: a file system of 96 MiB in memory. Needs root, for the mount.
class DiskFullTest {
    private static final int BALLAST = 24 * 1024 * 1024;
    private static final long NO_RESERVE = 0;

    @TempDir
    private Path folder;

    private Path mount;
    private boolean mounted;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void mountSmallDisk() throws Exception {
        mount = Files.createDirectory(folder.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=96m", "postern-test", mount.toString()) == 0;
        assumeThat(mounted).as("a small file system could be mounted (root)").isTrue();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private RocksSpool open() throws SpoolException {
        return RocksSpool.open(
                RocksSpoolSettings.in(mount.resolve("spool"))
                        .with(new RocksSpoolSettings.ContentSettings(256 * 1024, NO_RESERVE))
                        .with(Retention.byDefault()),
                InstantSource.system(),
                events::add);
    }

    private static SpooledMessage insert(RocksSpool spool, int size) throws IOException {
        SpooledMessage message =
                TestMessages.simple(spool.nextId(), InstantSource.system().instant());
        try (ContentDraft draft = spool.draft(message.id())) {
            draft.write(TestMessages.content(message.id().value(), size), 0, size);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        return message;
    }

    private static void assertHolds(RocksSpool spool, List<SpooledMessage> expected, int size) throws IOException {
        assertThat(spool.list(Optional.empty(), 10_000)).isEqualTo(expected);
        assertThat(spool.count()).isEqualTo(expected.size());
        for (SpooledMessage message : expected) {
            try (InputStream in = spool.content(message.id()).open()) {
                assertThat(in.readAllBytes())
                        .isEqualTo(TestMessages.content(message.id().value(), size));
            }
        }
    }

    /// Small contents fill the log of the database, large ones their files.
    @ParameterizedTest
    @ValueSource(ints = {100_000, 1_000_000})
    void aFullDiskLosesNothingAndNeedsNoRestart(int size) throws Exception {
        Path ballast = mount.resolve("ballast");
        Files.write(ballast, new byte[BALLAST]);
        List<SpooledMessage> accepted = new ArrayList<>();
        SpooledMessage next;
        try (RocksSpool spool = open()) {
            SpoolException refusal = null;
            while (refusal == null) {
                try {
                    accepted.add(insert(spool, size));
                } catch (SpoolException refused) {
                    refusal = refused;
                }
            }
            assertThat(refusal).isInstanceOf(SpoolException.Full.class).hasMessageContaining("is full");
            assertThat(accepted).isNotEmpty();
            Files.delete(ballast);
            next = insertWhenThereIsRoom(spool, size);
            accepted.add(next);
            assertHolds(spool, accepted, size);
            SpooledMessage done = accepted.removeFirst();
            spool.commit(List.of(new SpoolChange.Remove(done)));
            assertHolds(spool, accepted, size);
        }
        try (RocksSpool spool = open()) {
            spool.awaitSweep();
            assertHolds(spool, accepted, size);
        }
    }

    /// Tries until it goes well; while the spool is out, waits for the event that ends it.
    private SpooledMessage insertWhenThereIsRoom(RocksSpool spool, int size) throws Exception {
        try {
            return insert(spool, size);
        } catch (SpoolException.Full stillOut) {
            Event event = events.take();
            while (!(event instanceof SpoolEvent.OutageEnded)) {
                event = events.take();
            }
            return insert(spool, size);
        }
    }
}
