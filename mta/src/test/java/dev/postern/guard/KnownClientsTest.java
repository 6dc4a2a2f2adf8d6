package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KnownClientsTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
    private final InstantSource clock = now::get;

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    @Test
    void clientIsKnownForItsTimeFromWhenItWasMetLast() {
        KnownClients clients = new KnownClients(10, clock);
        assertThat(clients.knows(CLIENT, MONTH)).isFalse();
        clients.met(CLIENT);
        pass(MONTH.minusSeconds(1));
        assertThat(clients.knows(CLIENT, MONTH)).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(clients.knows(CLIENT, MONTH)).isFalse();
        clients.met(CLIENT);
        assertThat(clients.knows(CLIENT, MONTH)).isTrue();
        assertThat(clients.knows(CLIENT, Duration.ZERO)).isFalse();
    }

    @Test
    void neighboursAreNotKnownButOneIpv6NetworkOf64BitsIsOneClient() {
        KnownClients clients = new KnownClients(10, clock);
        clients.met(CLIENT);
        clients.met(InetAddress.ofLiteral("2001:db8:0:1::1"));
        assertThat(clients.knows(InetAddress.ofLiteral("192.0.2.2"), MONTH)).isFalse();
        assertThat(clients.knows(InetAddress.ofLiteral("2001:db8:0:1:ffff::2"), MONTH))
                .isTrue();
        assertThat(clients.knows(InetAddress.ofLiteral("2001:db8:0:2::1"), MONTH))
                .isFalse();
    }

    @Test
    void whoeverForgetsItsMannersIsForgotten() {
        KnownClients clients = new KnownClients(10, clock);
        clients.met(CLIENT);
        clients.forget(CLIENT);
        assertThat(clients.knows(CLIENT, MONTH)).isFalse();
        assertThat(clients.size()).isZero();
    }

    @Test
    void whatIsRememberedIsBoundedAndWhoCameLatelyStaysInIt() {
        int most = 100;
        KnownClients clients = new KnownClients(most, clock);
        clients.met(CLIENT);
        for (int i = 0; i < 5 * most; i++) {
            clients.met(InetAddress.ofLiteral("198.51." + i / 250 + "." + i % 250));
            assertThat(clients.knows(CLIENT, MONTH)).isTrue();
        }
        assertThat(clients.size()).isEqualTo(most);
        assertThat(clients.knows(InetAddress.ofLiteral("198.51.0.0"), MONTH)).isFalse();
        assertThatThrownBy(() -> new KnownClients(0, clock)).isInstanceOf(IllegalArgumentException.class);
    }
}
