package dev.postern.spool.rocks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteTimesTest {

    private long now = Duration.ofHours(1).toNanos();
    private final WriteTimes times = new WriteTimes(() -> now);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private void write(Duration time) {
        times.begin();
        pass(time);
        times.end();
    }

    @Test
    void nothingWasWrittenYet() {
        assertThat(times.now()).isZero();
    }

    @Test
    void slowWritesAreNoticedOneByOne() {
        write(Duration.ofMillis(400));
        assertThat(times.now()).isEqualTo(Duration.ofMillis(100));
        for (int i = 0; i < 40; i++) {
            write(Duration.ofMillis(400));
        }
        assertThat(times.now()).isBetween(Duration.ofMillis(399), Duration.ofMillis(400));
    }

    @Test
    void writeThatDoesNotReturnIsNoticedWhileItLasts() {
        times.begin();
        pass(Duration.ofSeconds(30));
        assertThat(times.now()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void oneSlowWriteIsForgottenWithTheQuickOnesAfterIt() {
        write(Duration.ofSeconds(8));
        assertThat(times.now()).isEqualTo(Duration.ofSeconds(2));
        for (int i = 0; i < 20; i++) {
            write(Duration.ofMillis(1));
        }
        assertThat(times.now()).isLessThan(Duration.ofMillis(10));
    }

    @Test
    void whatWasSlowLongAgoSaysNothing() {
        write(Duration.ofSeconds(8));
        pass(Duration.ofSeconds(5));
        assertThat(times.now()).isZero();
        write(Duration.ofMillis(4));
        assertThat(times.now()).isEqualTo(Duration.ofMillis(1));
    }
}
