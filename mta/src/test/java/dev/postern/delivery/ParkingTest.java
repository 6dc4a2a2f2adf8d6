package dev.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.transport.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ParkingTest {
    private static final Duration LONGEST = Duration.ofHours(1);

    private final ScriptedTransport transport = new ScriptedTransport(_ -> ScriptedTransport.delivered(), true);
    private final Parking parking = new Parking(LONGEST, 3);
    private final long begin = System.nanoTime();

    private Transport.Carriage park(String lane, Duration at) {
        Transport.Carriage carriage = transport.open();
        assertThat(parking.park(lane, transport, carriage, begin + at.toNanos()))
                .isTrue();
        return carriage;
    }

    private List<Transport.Carriage> overdue(Duration at) {
        return parking.overdue(begin + at.toNanos()).stream()
                .map(Parking.Parked::carriage)
                .toList();
    }

    @Test
    void aLaneGetsItsOwnTheLastFirst() {
        Transport.Carriage one = park("a", Duration.ZERO);
        Transport.Carriage other = park("b", Duration.ofSeconds(1));
        Transport.Carriage two = park("a", Duration.ofSeconds(2));

        assertThat(parking.take("a").orElseThrow().carriage()).isSameAs(two);
        assertThat(parking.take("a").orElseThrow().carriage()).isSameAs(one);
        assertThat(parking.take("a")).isEmpty();
        assertThat(parking.take("b").orElseThrow().carriage()).isSameAs(other);
        assertThat(overdue(LONGEST.multipliedBy(2))).isEmpty();
    }

    @Test
    void noneIsKeptLongerThanAllowed() {
        Transport.Carriage one = park("a", Duration.ZERO);
        Transport.Carriage two = park("a", Duration.ofMinutes(1));

        assertThat(overdue(LONGEST.minusNanos(1))).isEmpty();
        assertThat(overdue(LONGEST)).containsExactly(one);
        assertThat(parking.take("a").orElseThrow().carriage()).isSameAs(two);
    }

    @Test
    void noMoreAreKeptThanAllowed() {
        Transport.Carriage one = park("a", Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            park("b", Duration.ofSeconds(i));
        }
        assertThat(parking.take("a")).isEmpty();
        assertThat(overdue(Duration.ZERO)).containsExactly(one);
    }

    @Test
    void whoWaitsForTheOverdueGetsThoseThatMakeRoomAndAllAtTheEnd() throws Exception {
        CompletableFuture<List<Parking.Parked>> waiting = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                waiting.complete(parking.awaitOverdue());
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        for (int i = 0; i < 4; i++) {
            park("a", Duration.ZERO);
        }
        assertThat(waiting.get(30, TimeUnit.SECONDS)).hasSize(1);
        parking.close();
        assertThat(parking.awaitOverdue()).hasSize(3);
        assertThat(parking.awaitOverdue()).isEmpty();
        assertThat(parking.park("a", transport, transport.open(), begin)).isFalse();
    }
}
