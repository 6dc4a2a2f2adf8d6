package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.ManualClock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final ManualClock clock = ManualClock.atNoon();
    private final Pauses pauses = new Pauses();

    private Lane lane(String name) {
        return new Lane(name, LaneBounds.fixed(1), new ReentrantLock().newCondition(), clock.instant());
    }

    private boolean pause(Lane lane, int seconds) {
        return pauses.add(lane, clock.instant().plusSeconds(seconds));
    }

    @Test
    void theyEndInTheirOrderAndALaneHasOneAtATime() {
        Lane first = lane("first");
        Lane second = lane("second");
        assertThat(pause(second, 20)).isTrue();
        assertThat(pause(first, 10)).isTrue();
        assertThat(pause(first, 5)).isFalse();
        assertThat(pauses.next()).contains(clock.instant().plusSeconds(10));

        clock.advance(Duration.ofSeconds(9));
        assertThat(pauses.end(clock.instant())).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(pauses.end(clock.instant())).containsExactly(first);
        assertThat(pause(first, 5)).isTrue();
        clock.advance(Duration.ofSeconds(10));
        assertThat(pauses.end(clock.instant())).containsExactly(first, second);
        assertThat(pauses.next()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackEndsThem() {
        Lane lane = lane("lane");
        pause(lane, 1);
        clock.advance(Duration.ofHours(-1));
        assertThat(pauses.end(clock.instant())).containsExactly(lane);
    }
}
