package dev.postern.bench;

import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.rocks.RocksSpool;
import dev.postern.spool.rocks.RocksSpoolSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Group commit measured: so many virtual threads each commit messages one after the other, each
/// waiting for its own, while one more virtual thread does nothing but sleep a millisecond at a
/// time, to see whether the others are held up.
///
/// `FOLDER THREADS OCTETS SECONDS [keep|remove]`: with `remove` each message is removed lazily once
/// it is committed, as if it were delivered at once.
public final class SpoolBench {
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final Spool spool;
    private final byte[] content;
    private final boolean remove;

    private SpoolBench(Spool spool, int octets, boolean remove) {
        this.spool = spool;
        this.content = new byte[octets];
        Arrays.fill(content, (byte) 'x');
        this.remove = remove;
    }

    /// Runs once and prints one line.
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "spool-bench");
        int threads = Integer.parseInt(arguments[1]);
        int octets = Integer.parseInt(arguments[2]);
        Duration time = Duration.ofSeconds(Integer.parseInt(arguments[3]));
        boolean remove = arguments.length > 4 && arguments[4].equals("remove");
        try (Spool spool = RocksSpool.open(RocksSpoolSettings.in(folder), InstantSource.system(), Events.none())) {
            SpoolBench bench = new SpoolBench(spool, octets, remove);
            bench.run(threads, WARM_UP);
            System.out.println(bench.run(threads, time));
        }
    }

    private String run(int threads, Duration time) throws InterruptedException, ExecutionException {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong done = new AtomicLong();
        long[][] latencies = new long[threads][];
        long cpu = cpuNanos();
        long began = System.nanoTime();
        long[] naps;
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> ends = IntStream.range(0, threads)
                    .mapToObj(_ -> executor.submit(() -> commitUntil(over::get, done)))
                    .toList();
            Future<long[]> napper = executor.submit(() -> napUntil(over::get));
            Thread.sleep(time);
            over.set(true);
            for (int i = 0; i < threads; i++) {
                latencies[i] = ends.get(i).get();
            }
            naps = napper.get();
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        long count = done.get();
        long[] all =
                Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        Arrays.sort(naps);
        return "%d threads, %d octets, %s: %.0f/s, %.3f CPU s per 1000, ms p50 %.2f p99 %.2f max %.2f; nap of 1 ms p99 %.2f max %.2f"
                .formatted(
                        threads,
                        content.length,
                        remove ? "removed" : "kept",
                        count / seconds,
                        (cpuNanos() - cpu) / 1e9 / count * 1000,
                        millis(all, 0.5),
                        millis(all, 0.99),
                        millis(all, 1),
                        millis(naps, 0.99),
                        millis(naps, 1));
    }

    private long[] commitUntil(BooleanSupplier over, AtomicLong done) throws IOException {
        long[] latencies = new long[1024];
        int count = 0;
        while (!over.getAsBoolean()) {
            long began = System.nanoTime();
            commit();
            done.incrementAndGet();
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = System.nanoTime() - began;
        }
        return Arrays.copyOf(latencies, count);
    }

    private void commit() throws IOException {
        QueueId id = spool.nextId();
        SpooledMessage message = message(id);
        try (ContentDraft draft = spool.draft(id)) {
            draft.write(content, 0, content.length);
            spool.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        if (remove) {
            spool.commitLazily(List.of(new SpoolChange.Remove(message)));
        }
    }

    private SpooledMessage message(QueueId id) {
        Instant now = id.at();
        Recipient bob = Recipient.of(Mailbox.of("bob", DomainName.of("example.net")));
        return new SpooledMessage(
                id,
                now,
                Origin.report(),
                Mailbox.of("alice", DomainName.of("example.org")),
                MailParameters.none(),
                "Received: from client.example (client.example [192.0.2.1])\r\n\tby mx.example.net with ESMTP id " + id
                        + ";\r\n\tMon, 1 Jun 2026 12:00:00 +0000\r\n",
                new ContentTraits(content.length, false, false, 78),
                List.of(RecipientState.fresh(bob, Optional.empty(), now)),
                false);
    }

    private static long[] napUntil(BooleanSupplier over) throws InterruptedException {
        long[] naps = new long[1024];
        int count = 0;
        while (!over.getAsBoolean()) {
            long began = System.nanoTime();
            Thread.sleep(1);
            if (count == naps.length) {
                naps = Arrays.copyOf(naps, 2 * count);
            }
            naps[count++] = System.nanoTime() - began;
        }
        return Arrays.copyOf(naps, count);
    }

    private static double millis(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.round((sorted.length - 1) * part)] / 1e6;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
