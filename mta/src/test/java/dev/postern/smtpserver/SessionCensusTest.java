package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCensusTest {

    private static Endpoint from(String address) {
        return new Endpoint.Inet(InetAddress.ofLiteral(address), 40000);
    }

    @Test
    void oneIpv4AddressIsOneClient() {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
        assertThat(census.enter(from("192.0.2.1"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from("192.0.2.2"))).isEmpty();
        assertThat(census.enter(from("::ffff:192.0.2.2"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.present()).isEqualTo(2);
    }

    @Test
    void oneIpv6NetworkOf64BitsIsOneClient() {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        assertThat(census.enter(from("2001:db8:0:1::1"))).isEmpty();
        assertThat(census.enter(from("2001:db8:0:1:ffff::2"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from("2001:db8:0:2::1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.200, 192.0.3.1",
        "2001:db8:0:100::1, 2001:db8:0:1ff::1, 2001:db8:0:200::1",
    })
    void neighboursShareTheRoomOfTheirNetwork(String first, String neighbour, String stranger) {
        SessionCensus census = new SessionCensus(new CensusLimits(10, 10, 1, 10));
        assertThat(census.enter(from(first))).isEmpty();
        assertThat(census.enter(from(neighbour))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from(stranger))).isEmpty();
        census.leave(from(first));
        assertThat(census.enter(from(neighbour))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.200.1, 192.1.2.1",
        "2001:db8:0:100::1, 2001:db8:0:ff00::1, 2001:db8:1:100::1",
    })
    void networksShareTheRoomOfTheirRegion(String first, String neighbour, String stranger) {
        SessionCensus census = new SessionCensus(new CensusLimits(10, 10, 10, 1));
        assertThat(census.enter(from(first))).isEmpty();
        assertThat(census.enter(from(neighbour))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from(stranger))).isEmpty();
        census.leave(from(first));
        census.leave(from(stranger));
        assertThat(census.households()).isZero();
        assertThat(census.present()).isZero();
    }

    @Test
    void unixSocketsCountInAllOnly() {
        SessionCensus census = new SessionCensus(CensusLimits.of(2, 1));
        Endpoint unix = new Endpoint.Unix(Path.of(""));
        assertThat(census.enter(unix)).isEmpty();
        assertThat(census.enter(unix)).isEmpty();
        assertThat(census.enter(unix)).hasValue(Replies.TOO_MANY_SESSIONS);
    }

    @Test
    void whoWasTurnedAwayIsNotCounted() {
        SessionCensus census = new SessionCensus(CensusLimits.of(1, 5));
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
        assertThat(census.enter(from("192.0.2.1"))).isPresent();
        census.leave(from("192.0.2.1"));
        assertThat(census.present()).isZero();
        assertThat(census.households()).isZero();
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
    }

    @Test
    void manyComeAndGoAndNobodyIsForgotten() throws InterruptedException {
        SessionCensus census = new SessionCensus(CensusLimits.of(Integer.MAX_VALUE, 3));
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            visitors.add(Thread.ofPlatform().start(() -> {
                for (int visit = 0; visit < 20_000; visit++) {
                    Endpoint peer =
                            from("192.0.2." + ThreadLocalRandom.current().nextInt(4));
                    Optional<?> refused = census.enter(peer);
                    if (refused.isEmpty()) {
                        census.leave(peer);
                    }
                }
            }));
        }
        for (Thread visitor : visitors) {
            visitor.join();
        }
        assertThat(census.present()).isZero();
        assertThat(census.households()).isZero();
    }
}
