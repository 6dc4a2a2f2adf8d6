package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.delivery.QueueActions.Action;
import dev.postern.delivery.QueueActions.Tally;
import dev.postern.delivery.QueueJob.Order;
import dev.postern.delivery.QueueJob.State;
import dev.postern.dns.DomainName;
import dev.postern.kept.MemoryStore;
import dev.postern.queue.QueueFilter;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.Via;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QueueJobsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ManualClock clock = ManualClock.atNoon();
    private final TroubledSpool spool = new TroubledSpool(new MemorySpool(clock));
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);
    private final MemoryStore store = new MemoryStore();
    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        stop();
        world.close();
    }

    /// As a server's thread does.
    private void run(QueueJobs jobs) {
        threads.add(Thread.ofVirtual().start(jobs));
    }

    private void stop() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        threads.clear();
    }

    private QueueJobs jobs() {
        return jobs(task -> Thread.ofVirtual().start(task));
    }

    private QueueJobs jobs(Executor executor) {
        return new QueueJobs(world.actions, store, executor, world.surroundings);
    }

    private static QueueFilter toDomain(String domain) {
        return new QueueFilter(
                Optional.of("@" + domain),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void acceptEach(int count, String domain) throws IOException {
        for (int i = 0; i < count; i++) {
            world.accept(SENDER, to("user" + i + "@" + domain));
        }
    }

    private List<SpooledMessage> all() throws IOException {
        return spool.list(Optional.empty(), 10_000);
    }

    private long held() throws IOException {
        return all().stream().filter(SpooledMessage::held).count();
    }

    @Test
    void whatIsMeantIsChangedAndNothingElse() throws Exception {
        acceptEach(300, "one.example");
        acceptEach(300, "two.example");
        QueueJobs jobs = jobs();
        QueueJob begun = jobs.begin(new Order(toDomain("two.example"), new Action.Hold()));
        assertThat(begun.state()).isEqualTo(State.RUNNING);
        assertThat(held()).as("before anybody works").isZero();
        run(jobs);

        QueueJob ended = jobs.await(begun.number(), LONG).orElseThrow();

        assertThat(ended.state()).isEqualTo(State.DONE);
        assertThat(ended.tally()).isEqualTo(new Tally(300, 0, 0));
        assertThat(all())
                .allSatisfy(message -> assertThat(message.held())
                        .isEqualTo(message.recipients()
                                .getFirst()
                                .recipient()
                                .path()
                                .toString()
                                .endsWith("two.example")));
        assertThat(world.events.await(1, DeliveryEvent.JobEnded.class))
                .containsExactly(new DeliveryEvent.JobEnded(1, "hold", "done", 300, 0, 0));
        assertThat(world.events.of(DeliveryEvent.JobBegan.class))
                .containsExactly(new DeliveryEvent.JobBegan(1, "hold", "{to=@two.example}"));
    }

    @Test
    void whatComesInAfterTheOrderIsNotMeant() throws Exception {
        acceptEach(200, "one.example");
        QueueJobs jobs = jobs();
        QueueJob begun = jobs.begin(new Order(QueueFilter.all(), new Action.Remove()));
        QueueId late = world.accept(SENDER, to("late@one.example"));
        run(jobs);
        assertThat(jobs.await(begun.number(), LONG).orElseThrow().tally()).isEqualTo(new Tally(200, 0, 0));
        assertThat(all()).extracting(SpooledMessage::id).containsExactly(late);
    }

    /// The program ends in the middle of a step, and another one finds what is on disk.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 300, 499})
    void aJobGoesOnWhereItWasAfterACrash(int changes) throws Exception {
        acceptEach(500, "one.example");
        AtomicInteger left = new AtomicInteger(changes);
        CountDownLatch crashed = new CountDownLatch(1);
        QueueJobs jobs = jobs(task -> {
            if (left.getAndDecrement() > 0) {
                task.run();
            } else {
                crashed.countDown(); // never ends: the step does not either
            }
        });
        QueueJob begun = jobs.begin(new Order(QueueFilter.all(), new Action.Hold()));
        run(jobs);
        crashed.await();
        stop();
        assertThat(held()).isEqualTo(changes);

        QueueJobs again = jobs();
        assertThat(again.find(begun.number()).orElseThrow().state()).isEqualTo(State.RUNNING);
        run(again);
        QueueJob ended = again.await(begun.number(), LONG).orElseThrow();

        assertThat(ended.state()).isEqualTo(State.DONE);
        assertThat(held()).isEqualTo(500);
        assertThat(ended.tally().done()).isBetween(500L - 128, 500L);
        for (SpooledMessage message : all()) {
            assertThat(spool.decisions(message.id()))
                    .extracting(decision -> decision.verdict())
                    .as("each message once")
                    .containsExactly("held");
        }
    }

    @Test
    void aCancelledJobStopsBetweenTwoStepsAndStaysSo() throws Exception {
        acceptEach(400, "one.example");
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        QueueJobs jobs = jobs(task -> {
            waiting.countDown();
            Thread.ofVirtual().start(() -> {
                try {
                    go.await();
                } catch (InterruptedException cut) {
                    throw new IllegalStateException(cut);
                }
                task.run();
            });
        });
        QueueJob begun = jobs.begin(new Order(QueueFilter.all(), new Action.Hold()));
        run(jobs);
        waiting.await();
        assertThat(jobs.cancel(begun.number()).orElseThrow().state()).isEqualTo(State.CANCELLED);
        QueueJob next = jobs.begin(new Order(toDomain("nobody.example"), new Action.Retry()));
        go.countDown();
        assertThat(jobs.await(next.number(), LONG).orElseThrow().state()).isEqualTo(State.DONE);

        assertThat(held()).isEqualTo(128);
        assertThat(jobs().find(begun.number()).orElseThrow())
                .satisfies(job -> assertThat(job.state()).isEqualTo(State.CANCELLED))
                .satisfies(job -> assertThat(job.tally().done()).isEqualTo(128));
        assertThat(jobs.cancel(99)).isEmpty();
    }

    @Test
    void aMessageInDeliveryIsTriedOnceMoreAtTheEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        transport.play(consignment -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException cut) {
                throw new IllegalStateException(cut);
            }
            return List.of(ScriptedTransport.deferred());
        });
        world.manager.start();
        QueueId busy = world.accept(SENDER, to("bob@one.example"));
        begun.await();
        QueueJobs jobs = jobs();
        QueueJob job = jobs.begin(new Order(QueueFilter.all(), new Action.Hold()));
        run(jobs);
        go.countDown();
        assertThat(jobs.await(job.number(), LONG).orElseThrow().tally()).isEqualTo(new Tally(1, 0, 0));
        assertThat(spool.find(busy).orElseThrow().held()).isTrue();
    }

    @Test
    void aSpoolThatRefusesIsToldOnceAndTheJobWaits() throws Exception {
        acceptEach(10, "one.example");
        QueueJobs jobs = jobs();
        QueueJob job = jobs.begin(new Order(QueueFilter.all(), new Action.Hold()));
        spool.refuse(true);
        run(jobs);
        assertThat(world.events.await(1, DeliveryEvent.JobsUnwritten.class))
                .extracting(DeliveryEvent.JobsUnwritten::why)
                .allMatch(why -> why.contains("the disk of the test is full"));
        assertThat(jobs.find(job.number()).orElseThrow().state()).isEqualTo(State.RUNNING);
        spool.refuse(false);
        assertThat(jobs.await(job.number(), LONG).orElseThrow().state()).isEqualTo(State.DONE);
        assertThat(held()).isEqualTo(10);
    }

    @Test
    void anOrderThatCannotBeWrittenDownDoesNotBegin() throws Exception {
        QueueJobs jobs = jobs();
        store.fill(true);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> jobs.begin(new Order(QueueFilter.all(), new Action.Remove())));
        assertThat(jobs.all()).isEmpty();
        store.fill(false);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> jobs.begin(new Order(toDomain("x".repeat(500)), new Action.Remove())))
                .withMessage("a text has more than 500 characters");
    }

    @Test
    void thereAreSoManyJobsAtOnceAndSoManyAreRemembered() throws Exception {
        QueueJobs jobs = jobs();
        Order order = new Order(QueueFilter.all(), new Action.Retry());
        for (int i = 0; i < QueueJobs.MOST; i++) {
            jobs.begin(order);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> jobs.begin(order))
                .withMessageStartingWith("there are 16 jobs under way already");
        run(jobs);
        long last = QueueJobs.MOST;
        for (int i = 0; i < QueueJobs.REMEMBERED; i++) {
            jobs.await(last, LONG);
            last = jobs.begin(order).number();
        }
        jobs.await(last, LONG);
        assertThat(jobs.all()).hasSizeLessThanOrEqualTo(QueueJobs.REMEMBERED + 1);
        assertThat(jobs.find(1)).isEmpty();
        assertThat(jobs().all()).isEqualTo(jobs.all());
    }

    static Stream<Action> actions() {
        return Stream.of(
                new Action.Retry(),
                new Action.RetryFor(DomainName.of("one.example")),
                new Action.Hold(),
                new Action.Release(),
                new Action.Remove(),
                new Action.Move(Optional.empty()),
                new Action.Move(Via.parse("relay.example:2525", true)),
                new Action.Move(Via.parse("[2001:db8::1]", false)),
                new Action.Expire(Optional.empty()),
                new Action.Expire(Optional.of(Instant.parse("2026-06-01T12:00:00.5Z"))),
                new Action.Bounce("Enough = enough & 100 % \u00fc"));
    }

    @ParameterizedTest
    @MethodSource("actions")
    void jobsAreReadAsTheyWereWritten(Action action) {
        QueueFilter filter = new QueueFilter(
                Optional.of("a b=c\n"),
                Optional.of("<>"),
                Optional.of("mx:one.example"),
                Optional.of(clock.instant()),
                Optional.of("4.4.1 \u00fc"),
                Optional.of(true));
        List<QueueJob> written = IntStream.range(1, 3)
                .mapToObj(i -> QueueJob.begun(i, clock.instant(), new Order(filter, action), new QueueId(99))
                        .reached(
                                Optional.of(new QueueId(7)),
                                List.of(new QueueId(5), new QueueId(6)),
                                new Tally(1, 2, 3))
                        .in(i == 1 ? State.DONE : State.CANCELLED))
                .toList();
        assertThat(QueueJobText.parse(QueueJobText.of(written).getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "postern-jobs 1\nend 1\n",
                "postern-jobs 1\nnumber=1\nend 1\n",
                "postern-jobs 1\n=\nend 1\n",
                "postern-jobs 1\nnumber=%zz\nend 1\n",
            })
    void whatIsNoListOfJobsIsPutAside(String text) {
        MemoryStore odd = MemoryStore.with(text);
        QueueJobs jobs = new QueueJobs(world.actions, odd, Runnable::run, world.surroundings);
        assertThat(jobs.all()).isEmpty();
        assertThat(odd.aside()).isEqualTo(text);
        assertThat(world.events.of(DeliveryEvent.JobsUnwritten.class)).hasSize(1);
    }
}
