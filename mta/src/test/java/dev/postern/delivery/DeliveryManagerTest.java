package dev.postern.delivery;

import static dev.postern.delivery.DeliveryWorld.SENDER;
import static dev.postern.delivery.DeliveryWorld.nobody;
import static dev.postern.delivery.DeliveryWorld.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.delivery.DeliveryEvent.Told;
import dev.postern.dsn.Action;
import dev.postern.queue.BackOff;
import dev.postern.queue.Lane;
import dev.postern.queue.LaneBounds;
import dev.postern.queue.QueueEvent;
import dev.postern.queue.QueueSettings;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.wire.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveryManagerTest {
    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered());
    private final DeliveryWorld world = new DeliveryWorld(clock, spool, transport);

    @AfterEach
    void end() {
        world.close();
    }

    private static String domain(Consignment.Stop stop) {
        String address = stop.recipient().path().toString();
        return address.substring(address.indexOf('@') + 1);
    }

    private List<String> carriedTo() {
        return transport.carried().stream()
                .flatMap(one -> one.stops().stream())
                .map(stop -> stop.recipient().path().toString())
                .toList();
    }

    @Test
    void anAcceptedMessageIsDeliveredAndLeavesTheSpool() throws Exception {
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"));

        DeliveryEvent.Delivered delivered =
                world.events.await(1, DeliveryEvent.Delivered.class).getFirst();

        assertThat(delivered.stop().id()).isEqualTo(id);
        assertThat(delivered.stop().lane()).isEqualTo("mx:example.net");
        assertThat(delivered.stop().attempts()).isEqualTo(1);
        assertThat(spool.find(id)).isEmpty();
        assertThat(spool.decisions(id)).singleElement().satisfies(d -> {
            assertThat(d.verdict()).isEqualTo("delivered");
            assertThat(d.inputs()).containsEntry("lane", "mx:example.net");
        });
        assertThat(world.awaitNothingInMemory()).satisfies(memory -> {
            assertThat(memory.freePlaces()).isEqualTo(DeliveryWorld.settings().places());
            assertThat(memory.contentHeld()).isZero();
        });
    }

    @Test
    void recipientsTravelTogetherLaneByLane() throws Exception {
        world.manager.start();
        world.accept(SENDER, to("a@one.example"), to("b@two.example"), to("c@one.example"), to("d@x.at-one.example"));

        world.events.await(4, DeliveryEvent.Delivered.class);

        assertThat(transport.carried())
                .extracting(one -> one.stops().stream()
                        .map(stop -> stop.recipient().path().toString())
                        .toList())
                .containsExactlyInAnyOrder(
                        List.of("a@one.example", "c@one.example", "d@x.at-one.example"), List.of("b@two.example"));
        assertThat(spool.count()).isZero();
    }

    @Test
    void aDeferredRecipientIsTriedAgainWhenItsTimeHasComeAndOthersAreNot() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("slow.example") ? ScriptedTransport.deferred() : ScriptedTransport.delivered()));
        world.manager.start();
        QueueId id = world.accept(SENDER, to("a@slow.example"), to("b@quick.example"));

        DeliveryEvent.Deferred deferred =
                world.events.await(1, DeliveryEvent.Deferred.class).getFirst();
        world.events.await(1, DeliveryEvent.Delivered.class);
        assertThat(deferred.next()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
        assertThat(spool.find(id)).get().satisfies(message -> {
            assertThat(message.recipients().get(0).status())
                    .isEqualTo(new Status.Pending(
                            1,
                            deferred.next(),
                            java.util.Optional.of(
                                    "4.2.2 The mailbox is full.; mx.example.net said: 452 4.2.2 Mailbox full"),
                            false));
            assertThat(message.recipients().get(1).status()).isEqualTo(new Status.Done("maildir"));
        });

        world.advance(Duration.ofSeconds(59));
        assertThat(transport.carried()).hasSize(2);
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        world.advance(Duration.ofSeconds(1));
        world.events.await(2, DeliveryEvent.Delivered.class);

        assertThat(carriedTo()).containsExactlyInAnyOrder("a@slow.example", "b@quick.example", "a@slow.example");
        assertThat(spool.count()).isZero();
    }

    @Test
    void waitsGrowFromAttemptToAttempt() throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.deferred()));
        world.manager.start();
        world.accept(SENDER, to("a@slow.example"));

        Duration[] waits = {Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(4), Duration.ofMinutes(8)};
        for (int i = 0; i < waits.length; i++) {
            DeliveryEvent.Deferred last =
                    world.events.await(i + 1, DeliveryEvent.Deferred.class).getLast();
            assertThat(Duration.between(clock.instant(), last.next())).isEqualTo(waits[i]);
            assertThat(last.stop().attempts()).isEqualTo(i + 1);
            world.advance(waits[i]);
        }
    }

    @Test
    void aFailureIsReportedToTheSenderAndTheReportIsDelivered() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("sender.example") ? ScriptedTransport.delivered() : ScriptedTransport.failed()));
        world.manager.start();
        QueueId id = world.accept(SENDER, to("nobody@example.net"), to("noone@example.net"));

        world.events.await(1, DeliveryEvent.Delivered.class);

        assertThat(world.events.of(DeliveryEvent.Bounced.class))
                .hasSize(2)
                .allSatisfy(bounced -> assertThat(bounced.report()).isEqualTo(Told.REPORTED));
        DeliveryEvent.Reported reported =
                world.events.of(DeliveryEvent.Reported.class).getFirst();
        assertThat(reported).isEqualTo(new DeliveryEvent.Reported(reported.report(), id, SENDER, Action.FAILED, 2));
        Consignment report = transport.carried().getLast();
        assertThat(report.message().id()).isEqualTo(reported.report());
        assertThat(report.message().reversePath()).isEqualTo(new NullPath());
        assertThat(new String(report.content().open().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("Final-Recipient: rfc822;nobody@example.net", "Final-Recipient: rfc822;noone@example.net");
        assertThat(spool.count()).isZero();
    }

    /// RFC 8689 §5.
    @Test
    void aReportTravelsAsProtectedAsWhatItIsAbout() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("sender.example") ? ScriptedTransport.delivered() : ScriptedTransport.failed()));
        world.manager.start();
        MailParameters underTls =
                MailParameters.none().withHandling(Handling.usual().requiringTls(true));
        world.accept(underTls, SENDER, to("nobody@example.net"));
        world.events.await(1, DeliveryEvent.Delivered.class);
        Consignment report = transport.carried().getLast();
        assertThat(report.message().reversePath()).isEqualTo(new NullPath());
        assertThat(report.message().parameters().handling().requireTls()).isTrue();
        assertThat(new String(report.content().open().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("Subject: ")
                .doesNotContain("Hello");
    }

    @Test
    void aFailedReportIsNeverReported() throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.failed()));
        world.manager.start();
        QueueId id = world.accept(nobody(), to("nobody@example.net"));

        DeliveryEvent.BounceDropped dropped =
                world.events.await(1, DeliveryEvent.BounceDropped.class).getFirst();

        assertThat(dropped.stop().id()).isEqualTo(id);
        assertThat(world.events.of(DeliveryEvent.Bounced.class))
                .extracting(DeliveryEvent.Bounced::report)
                .containsExactly(Told.NO_SENDER);
        assertThat(world.events.of(DeliveryEvent.Reported.class)).isEmpty();
        assertThat(spool.count()).isZero();
    }

    @Test
    void aRouteThatIsRefusedFailsAtOnceWithoutATransport() throws Exception {
        world.manager.start();
        world.accept(SENDER, to("x@refused.example", Notify.Event.DELAY));

        DeliveryEvent.Bounced bounced =
                world.events.await(1, DeliveryEvent.Bounced.class).getFirst();

        assertThat(bounced.status()).hasToString("5.1.2");
        assertThat(bounced.report()).isEqualTo(Told.NOT_WANTED);
        assertThat(transport.opened()).isZero();
        assertThat(spool.count()).isZero();
    }

    @Test
    void aTransportOrRouterThatThrowsDefersAndOthersGoOn() throws Exception {
        transport.play(consignment -> {
            if (domain(consignment.stops().getFirst()).equals("throws.example")) {
                throw new IllegalStateException("the transport has a bug");
            }
            if (domain(consignment.stops().getFirst()).equals("forgets.example")) {
                return List.of();
            }
            return List.of(ScriptedTransport.delivered());
        });
        world.manager.start();
        QueueId id = world.accept(
                SENDER, to("a@throws.example"), to("b@bug.example"), to("c@forgets.example"), to("d@good.example"));

        List<DeliveryEvent.Deferred> deferred = world.events.await(3, DeliveryEvent.Deferred.class);
        world.events.await(1, DeliveryEvent.Delivered.class);

        assertThat(deferred).allSatisfy(one -> assertThat(one.status()).hasToString("4.3.0"));
        assertThat(world.events.of(DeliveryEvent.Broke.class))
                .extracting(DeliveryEvent.Broke::lane)
                .containsExactlyInAnyOrder("mx:throws.example", LaneSorter.UNROUTED, "mx:forgets.example");
        assertThat(spool.find(id)).isPresent();
        assertThat(transport.closed()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRestartResumesWhereItWas() throws Exception {
        for (int i = 0; i < 300; i++) {
            world.store(SENDER, to("user" + i + "@domain" + i % 7 + ".example"));
        }
        SpooledMessage late = world.store(SENDER, to("late@example.net")).message();
        spool.commit(List.of(new dev.postern.spool.SpoolChange.Update(
                late,
                late.withRecipients(List.of(late.recipients()
                        .getFirst()
                        .with(new Status.Pending(
                                3,
                                clock.instant().plus(Duration.ofHours(1)),
                                java.util.Optional.of("4.0.0"),
                                false)))))));

        world.manager.start();
        world.events.await(300, DeliveryEvent.Delivered.class);
        assertThat(spool.count()).isEqualTo(1);
        assertThat(carriedTo()).doesNotHaveDuplicates().doesNotContain("late@example.net");

        world.advance(Duration.ofHours(1));
        world.events.await(301, DeliveryEvent.Delivered.class);
        assertThat(world.events
                        .of(DeliveryEvent.Delivered.class)
                        .getLast()
                        .stop()
                        .attempts())
                .isEqualTo(4);
        assertThat(spool.count()).isZero();
    }

    @Test
    void aDeadNextHopRestsIsProbedOnceAndHoldsUpNobody() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("dead.example") ? ScriptedTransport.down() : ScriptedTransport.delivered()));
        world.manager.start();
        world.accept(SENDER, to("first@dead.example"));
        QueueEvent.LaneRests rests =
                world.events.await(1, QueueEvent.LaneRests.class).getFirst();
        assertThat(rests.until()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
        for (int i = 0; i < 500; i++) {
            world.accept(SENDER, to("a" + i + "@dead.example"), to("b" + i + "@good.example"));
        }
        world.events.await(500, DeliveryEvent.Delivered.class);
        world.events.await(500, DeliveryEvent.PassedOver.class);

        assertThat(carriedTo()).filteredOn(to -> to.endsWith("@dead.example")).hasSize(1);
        world.awaitNothingInMemory();
        assertThat(world.events.of(DeliveryEvent.PassedOver.class)).allSatisfy(over -> {
            assertThat(over.next()).isAfterOrEqualTo(rests.until());
            assertThat(over.stop().attempts()).isZero();
        });

        world.advance(Duration.ofMinutes(11));
        world.events.await(2, QueueEvent.LaneRests.class);
        world.events.await(1000, DeliveryEvent.PassedOver.class);
        assertThat(carriedTo()).filteredOn(to -> to.endsWith("@dead.example")).hasSize(2);
        assertThat(world.events.of(QueueEvent.LaneRests.class).getLast())
                .satisfies(again -> assertThat(again.failures()).isEqualTo(2))
                .satisfies(again ->
                        assertThat(again.until()).isEqualTo(clock.instant().plus(Duration.ofMinutes(20))));

        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
        world.advance(Duration.ofMinutes(21));
        world.events.await(1001, DeliveryEvent.Delivered.class);
        assertThat(world.events.of(QueueEvent.LaneReopened.class)).hasSize(1);
        assertThat(spool.count()).isZero();
    }

    @Test
    void aHeldLaneSendsNothingUntilItIsReleased() throws Exception {
        world.queue.holdLane("mx:held.example");
        world.manager.start();
        for (int i = 0; i < 50; i++) {
            world.accept(SENDER, to("a" + i + "@held.example"), to("b" + i + "@free.example"));
            world.accept(SENDER, to("c" + i + "@held.example"));
        }
        world.events.await(50, DeliveryEvent.Delivered.class);
        world.advance(Duration.ofHours(1));
        world.accept(SENDER, to("last@free.example"));
        world.events.await(51, DeliveryEvent.Delivered.class);
        assertThat(carriedTo()).noneMatch(to -> to.endsWith("@held.example"));
        world.awaitNothingInMemory();
        assertThat(spool.count()).isEqualTo(100);
        assertThat(world.queue.lanes())
                .filteredOn(lane -> lane.name().equals("mx:held.example"))
                .singleElement()
                .satisfies(lane -> assertThat(lane.held()).isTrue());

        assertThat(world.queue.releaseLane("mx:held.example")).isTrue();
        world.events.await(151, DeliveryEvent.Delivered.class);
        assertThat(carriedTo()).doesNotHaveDuplicates();
        assertThat(spool.count()).isZero();
    }

    @Test
    void aLaneThatIsHeldWhileItsMessagesWaitLetsGoOfThem() throws Exception {
        Semaphore gate = new Semaphore(0);
        transport.play(consignment -> {
            gate.acquireUninterruptibly();
            return List.of(ScriptedTransport.delivered());
        });
        world.manager.start();
        for (int i = 0; i < 100; i++) {
            world.accept(SENDER, to("a" + i + "@held.example"));
        }
        world.queue.holdLane("mx:held.example");
        gate.release(1000);
        world.awaitNothingInMemory();
        int before = transport.carried().size();
        assertThat(before).isLessThanOrEqualTo(20);

        world.queue.releaseLane("mx:held.example");
        world.events.await(100, DeliveryEvent.Delivered.class);
        assertThat(carriedTo()).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void aMessageThatIsTooOldExpiresAfterALastAttempt() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("sender.example") ? ScriptedTransport.delivered() : ScriptedTransport.deferred()));
        world.store(SENDER, to("bob@example.net"));
        world.clock.advance(Duration.ofDays(5));
        world.manager.start();

        DeliveryEvent.Expired expired =
                world.events.await(1, DeliveryEvent.Expired.class).getFirst();
        world.events.await(1, DeliveryEvent.Delivered.class);

        assertThat(expired.status()).isEqualTo(Judge.EXPIRED);
        assertThat(expired.why())
                .isEqualTo("It could not be delivered within 5 days. The last problem was: The mailbox is full.");
        assertThat(carriedTo()).containsExactly("bob@example.net", "alice@sender.example");
        assertThat(spool.count()).isZero();
    }

    @Test
    void theLastAttemptIsMadeWhenTheTimeIsUp() throws Exception {
        transport.play(ScriptedTransport.each(_ -> ScriptedTransport.deferred()));
        world.store(nobody(), to("bob@example.net"));
        world.clock.advance(Duration.ofDays(5).minusMinutes(1));
        world.manager.start();
        DeliveryEvent.Deferred last =
                world.events.await(1, DeliveryEvent.Deferred.class).getFirst();
        assertThat(last.next()).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
        world.advance(Duration.ofMinutes(1));
        world.events.await(1, DeliveryEvent.Expired.class);
        assertThat(spool.count()).isZero();
    }

    @Test
    void theSenderIsToldOfADelayOnce() throws Exception {
        transport.play(ScriptedTransport.each(stop ->
                domain(stop).equals("sender.example") ? ScriptedTransport.delivered() : ScriptedTransport.deferred()));
        world.manager.start();
        QueueId id = world.accept(SENDER, to("bob@example.net"), to("quiet@example.net", Notify.Event.FAILURE));
        int attempts = 1;
        while (clock.instant().isBefore(ManualClock.atNoon().instant().plus(Duration.ofHours(20)))) {
            List<DeliveryEvent.Deferred> all = world.events.await(2 * attempts, DeliveryEvent.Deferred.class);
            world.advance(Duration.between(clock.instant(), all.getLast().next()));
            attempts++;
        }
        List<DeliveryEvent.Reported> reports = world.events.await(1, DeliveryEvent.Reported.class);
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.about()).isEqualTo(id);
            assertThat(report.action()).isEqualTo(Action.DELAYED);
            assertThat(report.recipients()).isEqualTo(1);
        });
    }

    @Test
    void stoppingWaitsForWhatIsUnderWayAndParksTheRest() throws Exception {
        CountDownLatch begun = new CountDownLatch(20);
        CountDownLatch go = new CountDownLatch(1);
        transport.play(consignment -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException cut) {
                return List.of(ScriptedTransport.down());
            }
            return List.of(ScriptedTransport.delivered());
        });
        world.manager.start();
        for (int i = 0; i < 100; i++) {
            world.accept(SENDER, to("a" + i + "@example.net"));
        }
        begun.await();
        world.queue.close();
        go.countDown();
        assertThat(world.manager.stop(Deadline.after(Duration.ofSeconds(20)))).isTrue();

        assertThat(world.events.of(DeliveryEvent.Delivered.class)).hasSize(20);
        assertThat(spool.count()).isEqualTo(80);
        assertThat(world.events.of(DeliveryEvent.Stopped.class)).containsExactly(new DeliveryEvent.Stopped(0));
    }

    @Test
    void whatDoesNotEndInTimeIsBrokenOffAndStaysInTheSpool() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        transport.play(consignment -> {
            begun.countDown();
            try {
                never.await();
            } catch (InterruptedException cut) {
                return List.of(ScriptedTransport.down());
            }
            return List.of(ScriptedTransport.delivered());
        });
        world.manager.start();
        QueueId id = world.accept(SENDER, to("a@example.net"));
        begun.await();

        assertThat(world.manager.stop(Deadline.after(Duration.ofMillis(1)))).isFalse();

        assertThat(spool.find(id)).isPresent();
        assertThat(world.events.of(DeliveryEvent.Stopped.class)).containsExactly(new DeliveryEvent.Stopped(1));
    }

    @Test
    void aWorkerKeepsItsConnectionFromMessageToMessage() throws Exception {
        QueueSettings single = new QueueSettings(
                1000,
                0,
                _ -> LaneBounds.fixed(1),
                new BackOff(Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0),
                Duration.ZERO);
        try (DeliveryWorld other = new DeliveryWorld(clock, new MemorySpool(clock), transport, single, 10)) {
            for (int i = 0; i < 50; i++) {
                other.accept(SENDER, to("a" + i + "@example.net"));
            }
            other.manager.start();
            other.events.await(50, DeliveryEvent.Delivered.class);
            assertThat(transport.opened()).isEqualTo(1);
        }
        assertThat(transport.closed()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsTooManyForTheNextHopIsClosedAndNotKeptForTheNextWorker() throws Exception {
        ScriptedTransport connecting = new ScriptedTransport(_ -> ScriptedTransport.delivered(), true);
        CountDownLatch three = new CountDownLatch(3);
        Semaphore gate = new Semaphore(0);
        AtomicInteger attempts = new AtomicInteger();
        connecting.play(consignment -> {
            boolean refused = attempts.incrementAndGet() == 1;
            three.countDown();
            try {
                three.await();
                if (!refused) {
                    gate.acquire();
                }
            } catch (InterruptedException cut) {
                Thread.currentThread().interrupt();
            }
            return List.of(refused ? ScriptedTransport.tooManySessions() : ScriptedTransport.delivered());
        });
        QueueSettings settings = new QueueSettings(
                1000,
                0,
                _ -> LaneBounds.fixed(3),
                new BackOff(Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0),
                Duration.ZERO);
        try (DeliveryWorld other = new DeliveryWorld(clock, new MemorySpool(clock), connecting, settings, 10)) {
            other.manager.start();
            for (int i = 0; i < 4; i++) {
                other.accept(SENDER, to("a" + i + "@example.net"));
            }
            assertThat(other.events
                            .await(1, QueueEvent.LaneThrottled.class)
                            .getFirst()
                            .limit())
                    .isEqualTo(1);
            while (connecting.closed() == 0) {
                Thread.onSpinWait(); // the two others wait at the gate: nobody else closes anything
            }
            gate.release(3);
            other.events.await(3, DeliveryEvent.Delivered.class);
        }
        assertThat(connecting.opened()).isEqualTo(3);
    }

    @Test
    void theNextWorkerOfALaneUsesTheConnectionOfTheLast() throws Exception {
        QueueSettings single = new QueueSettings(
                1000,
                0,
                _ -> LaneBounds.fixed(1),
                new BackOff(Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0),
                Duration.ZERO);
        ScriptedTransport connecting = new ScriptedTransport(_ -> ScriptedTransport.delivered(), true);
        try (DeliveryWorld other = new DeliveryWorld(clock, new MemorySpool(clock), connecting, single, 1)) {
            other.manager.start();
            for (int i = 0; i < 20; i++) {
                other.accept(SENDER, to("a" + i + "@example.net"));
                other.accept(SENDER, to("b" + i + "@example.com"));
                other.events.await(2 * (i + 1), DeliveryEvent.Delivered.class);
            }
            assertThat(connecting.opened()).isEqualTo(2);
            assertThat(connecting.closed()).isZero();
        }
        assertThat(connecting.closed()).as("closed at the end").isEqualTo(2);
    }

    @Test
    void lanesTakeTurnsWhenThereAreTooFewWorkers() throws Exception {
        try (DeliveryWorld other =
                new DeliveryWorld(clock, new MemorySpool(clock), transport, DeliveryWorld.settings(), 1)) {
            for (int i = 0; i < 200; i++) {
                other.accept(SENDER, to("a" + i + "@big.example"));
            }
            other.accept(SENDER, to("reset@small.example"));
            other.manager.start();
            other.events.await(201, DeliveryEvent.Delivered.class);
            assertThat(carriedTo().indexOf("reset@small.example"))
                    .as("the place of the one message among the many")
                    .isLessThanOrEqualTo(20 * 20);
            assertThat(carriedTo()).hasSize(201).doesNotHaveDuplicates();
        }
    }

    @Test
    void aDeliveryThatTheSpoolCannotRecordIsNotRepeated() throws Exception {
        TroubledSpool troubled = new TroubledSpool(new MemorySpool(clock));
        try (DeliveryWorld other = new DeliveryWorld(clock, troubled, transport)) {
            other.manager.start();
            QueueId id;
            QueueId failing;
            transport.play(ScriptedTransport.each(stop -> {
                troubled.refuse(true);
                return domain(stop).equals("failing.example")
                        ? ScriptedTransport.failed()
                        : ScriptedTransport.delivered();
            }));
            id = other.accept(SENDER, to("a@example.net"));
            other.events.await(1, DeliveryEvent.Delivered.class);
            troubled.refuse(false);
            failing = other.accept(SENDER, to("b@failing.example"));
            DeliveryEvent.Deferred deferred =
                    other.events.await(1, DeliveryEvent.Deferred.class).getFirst();
            assertThat(deferred.why()).contains("the report to the sender cannot be stored");
            assertThat(other.events.of(QueueEvent.SpoolRefuses.class)).isNotEmpty();

            transport.play(ScriptedTransport.each(_ -> ScriptedTransport.delivered()));
            troubled.refuse(false);
            other.advance(Duration.ofSeconds(5));
            other.events.await(1, QueueEvent.SpoolWorksAgain.class);
            assertThat(troubled.find(id)).isEmpty();
            assertThat(troubled.find(failing)).isPresent();
            other.advance(Duration.ofMinutes(1));
            other.events.await(2, DeliveryEvent.Delivered.class);
            assertThat(carriedTo()).containsExactly("a@example.net", "b@failing.example", "b@failing.example");
            assertThat(troubled.count()).isZero();
        }
    }

    @Test
    void successIsReportedOnlyWhereItWasAskedForAndNobodyElseDoes() throws Exception {
        transport.play(ScriptedTransport.each(stop -> switch (domain(stop)) {
            case "knows.example" -> ScriptedTransport.relayed(true);
            case "ignorant.example" -> ScriptedTransport.relayed(false);
            default -> ScriptedTransport.delivered();
        }));
        world.manager.start();
        world.accept(
                SENDER,
                to("a@knows.example", Notify.Event.SUCCESS),
                to("b@ignorant.example", Notify.Event.SUCCESS),
                to("c@local.example", Notify.Event.SUCCESS),
                to("d@ignorant.example"),
                to("e@local.example", Notify.Event.FAILURE));
        world.events.await(7, DeliveryEvent.Delivered.class);

        assertThat(world.events.of(DeliveryEvent.Reported.class))
                .extracting(DeliveryEvent.Reported::action, DeliveryEvent.Reported::recipients)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(Action.RELAYED, 1),
                        org.assertj.core.groups.Tuple.tuple(Action.DELIVERED, 1));
        assertThat(spool.count()).isZero();
    }

    @Test
    void countersOfALaneTellWhatHappened() throws Exception {
        transport.play(
                ScriptedTransport.each(stop -> switch (stop.recipient().path().toString()) {
                    case "good@example.net" -> ScriptedTransport.delivered();
                    case "bad@example.net" -> ScriptedTransport.failed();
                    default -> ScriptedTransport.deferred();
                }));
        world.manager.start();
        world.accept(nobody(), to("good@example.net"), to("bad@example.net"), to("later@example.net"));
        world.events.await(1, DeliveryEvent.Deferred.class);

        Lane.Report lane = world.queue.lanes().getFirst();
        assertThat(lane.name()).isEqualTo("mx:example.net");
        assertThat(List.of(lane.delivered(), lane.failed(), lane.deferred())).containsExactly(1L, 1L, 1L);
        assertThat(lane.restsUntil()).isEmpty();
        assertThat(lane.inFlight()).isZero();
    }

    @Test
    void oneTalkingRecipientShowsThatTheNextHopIsAlive() throws Exception {
        transport.play(consignment -> consignment.stops().stream()
                .<DeliveryOutcome>map(stop -> stop.recipient().path().toString().startsWith("a")
                        ? ScriptedTransport.delivered()
                        : ScriptedTransport.down())
                .toList());
        world.manager.start();
        world.accept(SENDER, to("a@example.net"), to("b@example.net"));
        world.events.await(1, DeliveryEvent.Deferred.class);
        assertThat(world.events.of(QueueEvent.LaneRests.class)).isEmpty();
    }
}
