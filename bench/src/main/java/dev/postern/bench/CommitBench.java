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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Group commit: messages of 4 KiB made durable in a spool under the working folder, each then removed lazily, as if it
/// were delivered at once; how many a second, by the number of threads that wait for theirs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CommitBench {
    private static final int OCTETS = 4096;

    private final byte[] content = new byte[OCTETS];
    private Optional<Path> folder = Optional.empty();
    private Optional<Spool> spool = Optional.empty();

    /// Opens an empty spool.
    @Setup(Level.Trial)
    public void open() throws IOException {
        Arrays.fill(content, (byte) 'x');
        Path fresh = Files.createTempDirectory(Path.of("."), "commit-bench");
        folder = Optional.of(fresh);
        spool = Optional.of(RocksSpool.open(RocksSpoolSettings.in(fresh), InstantSource.system(), Events.none()));
    }

    /// Closes it and removes its files.
    @TearDown(Level.Trial)
    public void close() throws IOException {
        spool.orElseThrow().close();
        try (Stream<Path> all = Files.walk(folder.orElseThrow())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// One thread, which waits for each of its own.
    @Benchmark
    @Threads(1)
    public QueueId alone() throws IOException {
        return commit();
    }

    /// Twenty that wait together.
    @Benchmark
    @Threads(20)
    public QueueId twenty() throws IOException {
        return commit();
    }

    /// A hundred that wait together.
    @Benchmark
    @Threads(100)
    public QueueId hundred() throws IOException {
        return commit();
    }

    private QueueId commit() throws IOException {
        Spool open = spool.orElseThrow();
        QueueId id = open.nextId();
        SpooledMessage message = message(id);
        try (ContentDraft draft = open.draft(id)) {
            draft.write(content, 0, content.length);
            open.commit(List.of(new SpoolChange.Insert(message, draft)));
        }
        open.commitLazily(List.of(new SpoolChange.Remove(message)));
        return id;
    }

    private static SpooledMessage message(QueueId id) {
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
                new ContentTraits(OCTETS, false, false, 78),
                List.of(RecipientState.fresh(bob, Optional.empty(), now)),
                false);
    }
}
