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

class SessionCensusTest {

    private static Endpoint from(String address) {
        return new Endpoint.Inet(InetAddress.ofLiteral(address), 40000);
    }

    @Test
    void oneIpv4AddressIsOneClient() {
        SessionCensus census = new SessionCensus(10, 1);
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
        assertThat(census.enter(from("192.0.2.1"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from("192.0.2.2"))).isEmpty();
        assertThat(census.enter(from("::ffff:192.0.2.2"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.present()).isEqualTo(2);
    }

    @Test
    void oneIpv6NetworkOf64BitsIsOneClient() {
        SessionCensus census = new SessionCensus(10, 1);
        assertThat(census.enter(from("2001:db8:0:1::1"))).isEmpty();
        assertThat(census.enter(from("2001:db8:0:1:ffff::2"))).hasValue(Replies.TOO_MANY_FROM_THERE);
        assertThat(census.enter(from("2001:db8:0:2::1"))).isEmpty();
    }

    @Test
    void unixSocketsCountInAllOnly() {
        SessionCensus census = new SessionCensus(2, 1);
        Endpoint unix = new Endpoint.Unix(Path.of(""));
        assertThat(census.enter(unix)).isEmpty();
        assertThat(census.enter(unix)).isEmpty();
        assertThat(census.enter(unix)).hasValue(Replies.TOO_MANY_SESSIONS);
    }

    @Test
    void whoWasTurnedAwayIsNotCounted() {
        SessionCensus census = new SessionCensus(1, 5);
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
        assertThat(census.enter(from("192.0.2.1"))).isPresent();
        census.leave(from("192.0.2.1"));
        assertThat(census.present()).isZero();
        assertThat(census.households()).isZero();
        assertThat(census.enter(from("192.0.2.1"))).isEmpty();
    }

    @Test
    void manyComeAndGoAndNobodyIsForgotten() throws InterruptedException {
        SessionCensus census = new SessionCensus(Integer.MAX_VALUE, 3);
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
