package dev.postern.bench;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.event.Events;
import dev.postern.queue.Lane;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.MailQueue;
import dev.postern.queue.QueueSettings;
import dev.postern.queue.Settlement;
import dev.postern.queue.Surroundings;
import dev.postern.queue.Work;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentDraft;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.DueEntry;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Spool;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpooledMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One message through the queue alone: accepted into a lane, one taken out of it and settled, over a spool that keeps
/// nothing; nanoseconds each.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LaneBench {
    private static final Content CONTENT = Content.of(new byte[10]);
    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final int PLACES = 100_000;
    private static final List<RecipientState> RECIPIENTS = List.of(RecipientState.fresh(
            Recipient.of(Mailbox.of("user", DomainName.of("example.org"))), Optional.empty(), NOON));

    /// How many senders there are, one after the other.
    @Param({"1", "10000"})
    int senders;

    /// How many messages wait meanwhile.
    @Param({"0", "20000"})
    int waiting;

    private MailQueue queue = queue();
    private Optional<Lane> lane = Optional.empty();
    private Mailbox[] paths = {};
    private long next;

    /// A lane with as much in it as is to wait.
    @Setup(Level.Iteration)
    public void fill() throws InterruptedException {
        queue = queue();
        paths = IntStream.range(0, senders)
                .mapToObj(i -> Mailbox.of("news", DomainName.of("sender" + i + ".example")))
                .toArray(Mailbox[]::new);
        for (int i = 0; i <= waiting; i++) {
            accept();
        }
        lane = queue.awaitWanted();
        settle();
    }

    private static MailQueue queue() {
        return new MailQueue(
                new QueueSettings(
                        PLACES,
                        0,
                        _ -> LaneBounds.fixed(20),
                        QueueSettings.usual().laneRest(),
                        QueueSettings.usual().handOverGrace()),
                (_, _) -> "mx:example.org",
                new Surroundings(new NoSpool(), InstantSource.fixed(NOON), new Random(1), Events.none()));
    }

    private void accept() {
        long id = ++next;
        queue.accepted(
                new SpooledMessage(
                        new QueueId(id),
                        NOON,
                        Origin.report(),
                        paths[(int) (id % senders)],
                        MailParameters.none(),
                        "",
                        new ContentTraits(10, false, false, 0),
                        RECIPIENTS,
                        false),
                CONTENT);
    }

    private Work settle() {
        Work work = queue.take(lane.orElseThrow(), Duration.ZERO).orElseThrow();
        queue.keep(
                work,
                new Settlement(
                        List.of(new RecipientState.Status.Done("250")),
                        List.of(),
                        false,
                        new Settlement.Health.Alive()));
        return work;
    }

    @Benchmark
    public Work acceptTakeSettle() {
        accept();
        return settle();
    }

    /// A spool that agrees to everything.
    private static final class NoSpool implements Spool {
        @Override
        public QueueId nextId() {
            throw new UnsupportedOperationException("messages come with their id");
        }

        @Override
        public ContentDraft draft(QueueId id) {
            throw new UnsupportedOperationException("nothing is inserted");
        }

        @Override
        public void commit(List<SpoolChange> changes) {}

        @Override
        public void commitLazily(List<SpoolChange> changes) {}

        @Override
        public Optional<SpooledMessage> find(QueueId id) {
            return Optional.empty();
        }

        @Override
        public List<SpooledMessage> findAll(List<QueueId> ids) {
            return List.of();
        }

        @Override
        public Content content(QueueId id) {
            return CONTENT;
        }

        @Override
        public List<DueEntry> due(Optional<DueEntry> after, Instant until, int limit) {
            return List.of();
        }

        @Override
        public List<SpooledMessage> list(Optional<QueueId> after, int limit) {
            return List.of();
        }

        @Override
        public long count() {
            return 0;
        }

        @Override
        public List<Decision> decisions(QueueId key) {
            return List.of();
        }

        @Override
        public void close() {}
    }
}
