package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dsn.Action;
import dev.postern.queue.QueueFilter;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Notify;
import dev.postern.smtp.Recipient;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Recipients of one message in several lanes, and the reports that their sender gets.
@Timeout(60)
class JoiningTest {
    private static final Pattern FINAL = Pattern.compile("Final-Recipient: rfc822;(\\S+)");

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);

    @AfterEach
    void end() {
        gates.values().forEach(CountDownLatch::countDown);
        world.close();
    }

    /// From now on the attempts of a domain wait until {@link #open}.
    private void shut(String... domains) {
        Stream.of(domains).forEach(domain -> gates.put(domain, new CountDownLatch(1)));
    }

    private void open(String domain) {
        gates.get(domain).countDown();
    }

    /// What comes of an attempt is in the name of its recipient; those for the sender are kept.
    private List<DeliveryOutcome> byName(Consignment consignment) {
        String to = consignment.stops().getFirst().recipient().path().toString();
        CountDownLatch gate = gates.get(to.substring(to.indexOf('@') + 1));
        if (gate != null) {
            try {
                assertThat(gate.await(50, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return consignment.stops().stream().map(JoiningTest::outcome).toList();
    }

    private static DeliveryOutcome outcome(Consignment.Stop stop) {
        String name = stop.recipient().path().toString();
        return switch (name.substring(0, name.indexOf('@')).replaceAll("\\d", "")) {
            case "bad" -> ScriptedTransport.failed();
            case "wordy" ->
                new DeliveryOutcome.Failed(
                        EnhancedStatus.of("5.1.1"),
                        "x".repeat(10_000),
                        Optional.of(new DeliveryOutcome.Remote("mx.example", "192.0.2.1:25", "y".repeat(10_000))));
            case "slow" -> ScriptedTransport.deferred();
            case "down" -> ScriptedTransport.down();
            case "passed" -> ScriptedTransport.relayed(false);
            default -> ScriptedTransport.delivered();
        };
    }

    private void begin() {
        transport.play(this::byName);
        world.manager.start();
    }

    /// The reports that went out, as octets.
    private List<String> reports() throws IOException {
        List<String> reports = new ArrayList<>();
        for (Consignment one : transport.carried()) {
            if (one.message().reversePath().isNull()) {
                try (InputStream content = one.content().open()) {
                    reports.add(new String(content.readAllBytes(), StandardCharsets.US_ASCII));
                }
            }
        }
        return reports;
    }

    private static List<String> recipients(String report) {
        return FINAL.matcher(report).results().map(one -> one.group(1)).toList();
    }

    /// The groups of a report on recipients, each from its Final-Recipient on.
    private static List<String> groups(String report) {
        List<String> groups = new ArrayList<>();
        Matcher matcher = FINAL.matcher(report);
        while (matcher.find()) {
            int end = report.indexOf("\r\n\r\n", matcher.start());
            groups.add(report.substring(matcher.start(), end));
        }
        return groups;
    }

    private String theReport() throws Exception {
        awaitReports(world, 1);
        assertThat(world.events.of(DeliveryEvent.Reported.class)).hasSize(1);
        return reports().getFirst();
    }

    /// Waits until so many reports have arrived, and nothing is under way.
    private static void awaitReports(DeliveryWorld world, int count) throws Exception {
        world.events.await(events -> events.stream()
                        .filter(one -> one instanceof DeliveryEvent.Delivered delivered
                                && delivered.stop().from().isNull())
                        .count()
                >= count);
        world.awaitNothingInMemory();
    }

    private Status status(QueueId id, int recipient) throws Exception {
        return spool.find(id).orElseThrow().recipients().get(recipient).status();
    }

    @Test
    void failuresInSeveralLanesAreToldTogether() throws Exception {
        shut("one.example", "two.example", "three.example");
        begin();
        QueueId id = world.accept(
                SENDER,
                to("bad1@one.example"),
                to("bad2@two.example"),
                to("good@three.example"),
                to("bad3@one.example"));

        open("one.example");
        world.events.await(2, DeliveryEvent.Bounced.class);
        assertThat(status(id, 0)).isInstanceOf(Status.Untold.class);
        open("two.example");
        world.events.await(3, DeliveryEvent.Bounced.class);
        assertThat(world.events.of(DeliveryEvent.Reported.class)).isEmpty();
        open("three.example");

        String report = theReport();
        assertThat(recipients(report))
                .containsExactlyInAnyOrder("bad1@one.example", "bad2@two.example", "bad3@one.example");
        assertThat(groups(report))
                .allSatisfy(group -> assertThat(group)
                        .contains("Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 User unknown")
                        .contains("Last-Attempt-Date: ", "Final-Log-ID: " + id));
        assertThat(world.events.of(DeliveryEvent.Reported.class).getFirst().recipients())
                .isEqualTo(3);
        assertThat(spool.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"good", "slow", "down", "bad"})
    void whoeverEndsLastTellsOfTheOthersWhateverItCameToItself(String last) throws Exception {
        shut("one.example", "two.example");
        begin();
        QueueId id = world.accept(SENDER, to("bad@one.example"), to(last + "@two.example"));
        open("one.example");
        world.events.await(1, DeliveryEvent.Bounced.class);

        open("two.example");
        world.events.await(1, DeliveryEvent.Reported.class);

        assertThat(recipients(theReport()))
                .containsExactlyElementsOf(
                        last.equals("bad")
                                ? List.of("bad@two.example", "bad@one.example")
                                : List.of("bad@one.example"));
        if (spool.find(id).isPresent()) {
            assertThat(status(id, 0)).isInstanceOf(Status.Failed.class);
            assertThat(status(id, 1)).isInstanceOf(Status.Pending.class);
        }
    }

    @Test
    void aReportDoesNotWaitLongForALaneThatHangs() throws Exception {
        shut("one.example", "hangs.example");
        begin();
        world.accept(SENDER, to("bad1@one.example"), to("bad2@hangs.example"), to("bad3@two.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);
        world.advance(Duration.ofMinutes(1));
        open("one.example");
        world.events.await(2, DeliveryEvent.Bounced.class);

        world.advance(Joining.LONGEST_WAIT.minusMinutes(1).minusSeconds(1));
        assertThat(world.events.of(DeliveryEvent.Reported.class)).isEmpty();
        world.advance(Duration.ofSeconds(1));
        world.events.await(1, DeliveryEvent.Reported.class);
        open("hangs.example");
        awaitReports(world, 2);

        assertThat(reports().stream().map(JoiningTest::recipients).map(List::size))
                .containsExactly(2, 1);
        assertThat(reports().stream().flatMap(one -> recipients(one).stream()))
                .containsExactlyInAnyOrder("bad1@one.example", "bad2@hangs.example", "bad3@two.example");
        assertThat(spool.count()).isZero();
    }

    /// The process ends: the queue of this world gives out nothing any more, and its attempt hangs to the end of the
    /// test.
    @Test
    void whatWaitsToBeToldIsToldOnceAfterARestart() throws Exception {
        shut("hangs.example");
        begin();
        QueueId id = world.accept(SENDER, to("bad1@one.example"), to("bad2@hangs.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);
        assertThat(status(id, 0)).isInstanceOf(Status.Untold.class);

        ScriptedTransport after = new ScriptedTransport(JoiningTest::outcome);
        world.queue.close();
        DeliveryWorld again = new DeliveryWorld(clock, spool, after);
        try {
            again.manager.start();
            awaitReports(again, 1);

            assertThat(again.events.of(DeliveryEvent.Reported.class))
                    .singleElement()
                    .satisfies(told -> {
                        assertThat(told.about()).isEqualTo(id);
                        assertThat(told.recipients()).isEqualTo(2);
                    });
            assertThat(again.events.of(DeliveryEvent.Bounced.class)).hasSize(1);
            clock.advance(Duration.ofDays(1));
            again.queue.wake();
            again.awaitNothingInMemory();
            assertThat(again.events.of(DeliveryEvent.Reported.class)).hasSize(1);
            assertThat(spool.count()).isZero();
        } finally {
            again.manager.stop(Deadline.after(Duration.ofSeconds(10)));
        }
    }

    @Test
    void whatWasToBeToldWhileTheServerWasDownIsToldAtTheStart() throws Exception {
        shut("hangs.example");
        begin();
        QueueId id = world.accept(SENDER, to("bad1@one.example"), to("slow@hangs.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);
        clock.advance(Duration.ofHours(1));

        ScriptedTransport after = new ScriptedTransport(JoiningTest::outcome);
        world.queue.close();
        DeliveryWorld again = new DeliveryWorld(clock, spool, after);
        try {
            again.manager.start();
            again.events.await(1, DeliveryEvent.Deferred.class);
            awaitReports(again, 1);
            assertThat(again.events.of(DeliveryEvent.Reported.class)).hasSize(1);
            assertThat(status(id, 0)).isInstanceOf(Status.Failed.class);
            assertThat(status(id, 1)).isInstanceOf(Status.Pending.class);
        } finally {
            again.manager.stop(Deadline.after(Duration.ofSeconds(10)));
        }
    }

    @Test
    void eachRecipientIsToldOfAsItsNotifySays() throws Exception {
        shut("one.example", "two.example");
        begin();
        Recipient[] recipients = {
            to("bad1@one.example", new Notify.Event[0]),
            to("bad2@one.example"),
            to("bad3@two.example", Notify.Event.SUCCESS),
            to("bad4@two.example", Notify.Event.FAILURE),
            to("good1@one.example", Notify.Event.SUCCESS),
            to("good2@two.example"),
            to("passed1@one.example", Notify.Event.SUCCESS, Notify.Event.FAILURE),
            to("passed2@two.example", Notify.Event.SUCCESS),
        };
        world.accept(SENDER, recipients);
        open("one.example");
        world.events.await(2, DeliveryEvent.Bounced.class);
        open("two.example");
        awaitReports(world, 3);

        assertThat(world.events.of(DeliveryEvent.Reported.class))
                .extracting(DeliveryEvent.Reported::action)
                .containsExactlyInAnyOrder(Action.FAILED, Action.DELIVERED, Action.RELAYED);
        assertThat(reports())
                .extracting(JoiningTest::recipients)
                .extracting(List::toString)
                .satisfiesExactlyInAnyOrder(
                        failed -> assertThat(failed).contains("bad2@", "bad4@").doesNotContain("bad1@", "bad3@"),
                        delivered -> assertThat(delivered).isEqualTo("[good1@one.example]"),
                        relayed -> assertThat(relayed).contains("passed1@", "passed2@"));
    }

    @Test
    void aDelayIsToldOfAllThatAreLate() throws Exception {
        begin();
        QueueId id = world.accept(
                SENDER,
                to("slow1@one.example"),
                to("slow2@two.example"),
                to("slow3@three.example", Notify.Event.FAILURE),
                to("good@four.example"));
        world.events.await(3, DeliveryEvent.Deferred.class);
        world.events.await(1, DeliveryEvent.Delivered.class);
        world.awaitNothingInMemory();
        SpooledMessage before = spool.find(id).orElseThrow();
        for (int minutes = 1; world.events.of(DeliveryEvent.Reported.class).isEmpty() && minutes < 600; minutes++) {
            int told = world.events.of(DeliveryEvent.Deferred.class).size();
            if (!spool.find(id)
                    .orElseThrow()
                    .due()
                    .orElseThrow()
                    .isAfter(clock.instant().plusSeconds(60))) {
                world.advance(Duration.ofMinutes(1));
                world.events.await(told + 3, DeliveryEvent.Deferred.class);
                world.awaitNothingInMemory();
            } else {
                world.advance(Duration.ofMinutes(1));
            }
        }

        String report = theReport();
        assertThat(recipients(report)).containsExactlyInAnyOrder("slow1@one.example", "slow2@two.example");
        assertThat(groups(report))
                .allSatisfy(
                        group -> assertThat(group).contains("Action: delayed", "Status: 4.2.2", "Will-Retry-Until: "));
        assertThat(before.recipients()).hasSize(4);
        assertThat(status(id, 0)).isInstanceOf(Status.Pending.class);
        assertThat(Stream.of(0, 1, 2).map(i -> spoolStatus(id, i)).map(one -> ((Status.Pending) one).delayReported()))
                .containsExactly(true, true, false);
    }

    private Status spoolStatus(QueueId id, int recipient) {
        try {
            return status(id, recipient);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void expiryInSeveralLanesIsToldTogether() throws Exception {
        begin();
        QueueId id = world.accept(
                SENDER, to("down1@one.example", Notify.Event.FAILURE), to("down2@two.example", Notify.Event.FAILURE));
        world.events.await(2, DeliveryEvent.Deferred.class);
        world.awaitNothingInMemory();
        world.advance(Duration.ofDays(5));
        world.events.await(2, DeliveryEvent.Expired.class);
        assertThat(recipients(theReport())).containsExactlyInAnyOrder("down1@one.example", "down2@two.example");
        assertThat(spool.find(id)).isEmpty();
    }

    @Test
    void anOperatorsBounceTellsOfWhatWaitsToBeTold() throws Exception {
        begin();
        shut("hangs.example");
        QueueId id = world.accept(SENDER, to("bad1@one.example"), to("slow@hangs.example"), to("slow@two.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);
        Thread opener = Thread.ofVirtual().start(() -> open("hangs.example"));
        opener.join();
        world.events.await(2, DeliveryEvent.Deferred.class);
        awaitReports(world, 1);
        world.actions.apply(QueueFilter.all(), new QueueActions.Action.Bounce("not any more"));
        awaitReports(world, 2);

        assertThat(reports().stream().flatMap(one -> recipients(one).stream()))
                .containsExactlyInAnyOrder("bad1@one.example", "slow@hangs.example", "slow@two.example");
        assertThat(spool.find(id)).isEmpty();
    }

    @Test
    void whatWaitsToBeToldWaitsWithAMessageThatIsHeldAndIsBouncedWithIt() throws Exception {
        shut("hangs.example");
        begin();
        QueueId id = world.accept(SENDER, to("bad1@one.example"), to("slow@hangs.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);

        world.queue.close();
        DeliveryWorld again = new DeliveryWorld(clock, spool, transport);
        try {
            again.actions.apply(QueueFilter.all(), new QueueActions.Action.Hold());
            again.advance(Duration.ofHours(1));
            assertThat(again.events.of(DeliveryEvent.Reported.class)).isEmpty();
            again.actions.apply(id, new QueueActions.Action.Bounce("not any more"));
            assertThat(again.events.of(DeliveryEvent.Reported.class))
                    .singleElement()
                    .satisfies(told -> assertThat(told.recipients()).isEqualTo(2));
            assertThat(spool.find(id)).isEmpty();
        } finally {
            again.manager.stop(Deadline.after(Duration.ofSeconds(10)));
        }
    }

    @Test
    void aReportThatTheSpoolHasNoRoomForIsWrittenLaterAndOnce() throws Exception {
        TroubledSpool troubled = new TroubledSpool(new MemorySpool(clock));
        ScriptedTransport other = new ScriptedTransport(JoiningTest::outcome);
        other.play(this::byName);
        shut("hangs.example");
        try (DeliveryWorld full = new DeliveryWorld(clock, troubled, other)) {
            full.manager.start();
            QueueId id = full.accept(SENDER, to("bad1@one.example"), to("bad2@hangs.example"));
            full.events.await(1, DeliveryEvent.Bounced.class);
            troubled.refuse(true);
            open("hangs.example");
            full.events.await(1, DeliveryEvent.Deferred.class);
            assertThat(full.events.of(DeliveryEvent.Reported.class)).isEmpty();
            full.advance(Joining.LONGEST_WAIT);
            troubled.refuse(false);
            while (told(full) < 2 || troubled.find(id).isPresent()) {
                full.advance(Duration.ofSeconds(5));
                Thread.onSpinWait();
            }
            full.awaitNothingInMemory();
            assertThat(told(full)).isEqualTo(2);
        }
    }

    @Test
    void whatIsKeptToBeToldIsBounded() throws Exception {
        shut("hangs.example");
        begin();
        QueueId id = world.accept(SENDER, to("wordy@one.example"), to("good@hangs.example"));
        world.events.await(1, DeliveryEvent.Bounced.class);

        assertThat(((Status.Untold) status(id, 0)).notice()).satisfies(notice -> {
            assertThat(notice.why()).startsWith("xxx").hasSizeLessThan(1000);
            assertThat(notice.remote().orElseThrow().words()).startsWith("yyy").hasSizeLessThan(1000);
        });
    }

    /// Of how many recipients reports have told.
    private static int told(DeliveryWorld world) {
        return world.events.of(DeliveryEvent.Reported.class).stream()
                .mapToInt(DeliveryEvent.Reported::recipients)
                .sum();
    }
}
