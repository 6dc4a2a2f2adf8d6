package dev.postern.bench.beside;

import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.spool.rocks.RocksSpoolSettings;
import dev.postern.spool.rocks.SpoolEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Messages that pass through a spool: each is put there, tried once without success, and removed when so many others
/// have come after it. Tells how much room that takes on the disk, and how much of it stays when all are gone.
final class BacklogFlood {
    private static final int TOGETHER = 500;
    private static final int STANDING = 200_000;
    private static final int LOOK_EVERY = 100_000;
    private static final double MIB = 1024 * 1024;
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final BacklogOptions options;
    private final FigureTable figures;

    BacklogFlood(BacklogOptions options, FigureTable figures) {
        this.options = options;
        this.figures = figures;
    }

    void run(Path folder) throws IOException, InterruptedException {
        BacklogFilling filling = new BacklogFilling(options);
        Semaphore collected = new Semaphore(0);
        Queue<List<SpooledMessage>> standing = new ArrayDeque<>();
        long most = 0;
        long began = System.nanoTime();
        try (RocksSpool spool = RocksSpool.open(RocksSpoolSettings.in(folder), InstantSource.system(), event -> {
            if (event instanceof SpoolEvent.SpaceCollected) {
                collected.release();
            }
        })) {
            for (int next = 0; next < options.queued(); next += TOGETHER) {
                List<SpooledMessage> put = filling.put(spool, next, Math.min(options.queued(), next + TOGETHER));
                standing.add(deferred(spool, put));
                if (standing.size() > STANDING / TOGETHER) {
                    remove(spool, standing.remove());
                }
                if (next % LOOK_EVERY == 0) {
                    most = Math.max(most, Backlog.onDisk(folder));
                }
            }
            while (!standing.isEmpty()) {
                remove(spool, standing.remove());
            }
            double took = (System.nanoTime() - began) / 1e9;
            figures.add("passed", "%d messages in %.0f s", options.queued(), took);
            figures.add("disk, at most seen", "%.0f MiB", most / MIB);
            figures.add("disk when the last has gone", "%.0f MiB", Backlog.onDisk(folder) / MIB);
            collected.drainPermits();
            boolean back = collected.tryAcquire(BOUND.toSeconds(), TimeUnit.SECONDS);
            figures.add(
                    back ? "disk when the room was collected" : "disk five minutes later",
                    "%.1f MiB",
                    Backlog.onDisk(folder) / MIB);
        }
        figures.add("disk of the closed spool", "%.1f MiB", Backlog.onDisk(folder) / MIB);
    }

    private static List<SpooledMessage> deferred(RocksSpool spool, List<SpooledMessage> put) throws IOException {
        List<SpooledMessage> after = new ArrayList<>(put.size());
        List<SpoolChange> changes = new ArrayList<>(put.size());
        for (SpooledMessage message : put) {
            SpooledMessage next = BacklogFilling.deferred(message);
            after.add(next);
            changes.add(new SpoolChange.Update(message, next));
        }
        spool.commitLazily(changes);
        return after;
    }

    private static void remove(RocksSpool spool, List<SpooledMessage> messages) throws IOException {
        spool.commitLazily(
                messages.stream().<SpoolChange>map(SpoolChange.Remove::new).toList());
    }
}
