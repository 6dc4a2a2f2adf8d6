package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import dev.postern.spool.ManualClock;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BansTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final ManualClock clock = ManualClock.atNoon();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Bans bans = new Bans(clock, events::add);

    private static AddressBlock network(String text) {
        return AddressBlock.parse(text).orElseThrow();
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.0/24, 192.0.2.8, true",
        "192.0.0.0/12, 192.15.2.8, true",
        "192.0.0.0/12, 192.16.2.8, false",
        "128.0.0.0/1, 192.0.2.8, true",
        "2001:db8::1, 2001:db8::2, true",
        "2001:db8::/56, 2001:db8:0:ff::2, true",
        "2001:db8::/56, 2001:db8:1::2, false",
        "2000::/3, 2001:db8:1::2, true",
        "192.0.2.0/24, 2001:db8::1, false",
    })
    void whoLiesInABannedNetworkIsBanned(String network, String client, boolean banned) {
        bans.add(network("203.0.113.0/25"), DAY, "spam");
        bans.add(network(network), DAY, "spam");

        assertThat(bans.find(address(client)).isPresent()).isEqualTo(banned);
    }

    @Test
    void connectionsAreCountedAndToldWhenTheBanIsOver() {
        bans.add(network("192.0.2.7"), DAY, "spam");
        for (int i = 0; i < 3; i++) {
            bans.turnAway(address("192.0.2.7"));
        }
        bans.turnAway(address("192.0.2.8"));
        assertThat(bans.running())
                .singleElement()
                .satisfies(one -> assertThat(one.turnedAway()).isEqualTo(3));
        clock.advance(DAY);
        bans.sweep(DAY);

        assertThat(events.getLast()).isEqualTo(new GuardEvent.BanEnded(network("192.0.2.7"), 3, "over"));
        assertThat(bans.running()).isEmpty();
        assertThat(bans.wasBanned(network("192.0.2.7"))).isTrue();
        clock.advance(DAY.plusSeconds(1));
        bans.sweep(DAY);
        assertThat(bans.wasBanned(network("192.0.2.7"))).isFalse();
        assertThat(events).hasSize(2);
    }

    @Test
    void removingANetworkRemovesAllWithinItAndNothingAround() {
        for (String one : List.of("192.0.2.7", "192.0.2.8", "192.0.2.0/25", "192.0.0.0/16", "198.51.100.1")) {
            bans.add(network(one), DAY, "spam");
        }

        assertThat(bans.remove(network("192.0.2.0/24")))
                .extracting(ban -> ban.network().toString())
                .containsExactlyInAnyOrder("192.0.2.7", "192.0.2.8", "192.0.2.0/25");
        assertThat(bans.find(address("192.0.2.7")))
                .hasValueSatisfying(ban -> assertThat(ban.network()).hasToString("192.0.0.0/16"));
        assertThat(bans.remove(network("192.0.2.0/24"))).isEmpty();
        assertThat(bans.wasBanned(network("192.0.2.7"))).isFalse();
    }

    @Test
    void moreBansThanThereIsRoomForPushOutThoseThatEndFirst() {
        bans.add(network("10.200.0.1"), DAY, "long");
        bans.add(network("10.200.0.2"), Duration.ofSeconds(30), "short");
        bans.add(network("10.200.0.3"), Duration.ofSeconds(10), "over soon");
        clock.advance(Duration.ofSeconds(10));
        bans.sweep(DAY);
        for (int i = 0; i < Bans.MOST - 2; i++) {
            bans.add(network("10.0." + i / 256 + "." + i % 256), Duration.ofHours(1), "spam");
        }
        assertThat(bans.wasBanned(network("10.200.0.3"))).as("over").isFalse();
        assertThat(bans.find(address("10.200.0.2"))).isPresent();
        bans.add(network("10.201.0.1"), Duration.ofHours(1), "spam");

        assertThat(bans.find(address("10.200.0.2"))).isEmpty();
        assertThat(bans.find(address("10.200.0.1"))).isPresent();
        assertThat(bans.remembered().bans()).hasSize(Bans.MOST);
        assertThat(events).contains(new GuardEvent.BanEnded(network("10.200.0.2"), 0, "no room"));
        assertThat(BanText.of(bans.remembered().bans()).length()).isLessThan(BanText.LONGEST);
    }

    @Test
    void whatWasRememberedIsThereAfterARestartAndTellsNothing() {
        bans.add(network("192.0.2.7"), DAY, "spam");
        bans.offender(address("192.0.2.9"), "slow", BanTerms.byDefault());
        clock.advance(Duration.ofMinutes(10));
        Bans again = new Bans(clock, event -> events.add(event));
        events.clear();
        again.restore(bans.remembered().bans());
        again.sweep(DAY);

        assertThat(events).isEmpty();
        assertThat(again.find(address("192.0.2.7"))).isEqualTo(bans.find(address("192.0.2.7")));
        assertThat(again.find(address("192.0.2.9"))).isEmpty();
        again.offender(address("192.0.2.9"), "slow", BanTerms.byDefault());
        assertThat(again.find(address("192.0.2.9")).orElseThrow().times()).isEqualTo(2);
    }

    @Test
    void manyThreadsBanAskAndRemoveTogether() throws Exception {
        BanTerms terms = BanTerms.byDefault();
        try (ExecutorService many = Executors.newFixedThreadPool(8)) {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int own = thread;
                runs.add(many.submit(() -> {
                    for (int i = 0; i < 250; i++) {
                        InetAddress client = address("10." + own + "." + i + ".1");
                        bans.offender(client, "slow", terms);
                        assertThat(bans.turnAway(client)).isPresent();
                        if (i % 2 == 0) {
                            assertThat(bans.remove(AddressBlock.host(client))).hasSize(1);
                            assertThat(bans.find(client)).isEmpty();
                        }
                        bans.sweep(DAY);
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        }
        assertThat(bans.running()).hasSize(1000);
        assertThat(bans.remembered().bans()).hasSize(1000);
    }
}
