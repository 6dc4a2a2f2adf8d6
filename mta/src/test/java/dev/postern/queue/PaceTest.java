package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private final ManualClock clock = ManualClock.atNoon();

    /// How many go within a time, each as soon as it may.
    private int within(Pace pace, Duration time) {
        Instant end = clock.instant().plus(time);
        int count = 0;
        for (Instant next = pace.next(clock.instant()); next.isBefore(end); next = pace.next(clock.instant())) {
            clock.advance(Duration.between(clock.instant(), next));
            assertThat(pace.free(clock.instant())).isPositive();
            pace.take(clock.instant());
            count++;
        }
        clock.advance(Duration.between(clock.instant(), end));
        return count;
    }

    @ParameterizedTest
    @CsvSource({
        // a minute, at once, within the first 10 minutes
        "1,        1,      10",
        "8,        1,      80",
        "60,       1,     600",
        "600,     10,    6009",
        "6000,   100,   60099"
    })
    void soManyGoAtOnceAndSoManyInTenMinutes(int perMinute, int atOnce, int inTenMinutes) {
        Pace pace = Pace.of(perMinute);
        assertThat(pace.free(clock.instant())).isEqualTo(atOnce);
        assertThat(within(pace, Duration.ofMinutes(10))).isEqualTo(inTenMinutes);
        assertThat(pace.free(clock.instant())).isLessThanOrEqualTo(1);
    }

    @Test
    void moreMayGoAtOnceThanInASecond() {
        Pace pace = new Pace(6000, 1000);
        assertThat(pace.free(clock.instant())).isEqualTo(1000);
        assertThat(within(pace, Duration.ofMinutes(1))).isEqualTo(6999);
    }

    @Test
    void whatIsTakenBackDoesNotCount() {
        Pace pace = Pace.of(120);
        pace.take(clock.instant());
        pace.take(clock.instant());
        assertThat(pace.free(clock.instant())).isZero();
        pace.takeBack();
        assertThat(pace.free(clock.instant())).isEqualTo(1);
    }

    @Test
    void whatDidNotGoInASilenceDoesNotGoLater() {
        Pace pace = Pace.of(60);
        clock.advance(Duration.ofDays(1));
        assertThat(within(pace, Duration.ofMinutes(1))).isEqualTo(60);
    }

    @Test
    void aClockThatIsSetBackKeepsNothingBack() {
        Pace pace = Pace.of(1);
        pace.take(clock.instant());
        clock.advance(Duration.ofDays(-1));
        assertThat(pace.next(clock.instant())).isEqualTo(clock.instant());
        pace.take(clock.instant());
        assertThat(pace.next(clock.instant())).isEqualTo(clock.instant().plus(Duration.ofMinutes(1)));
    }
}
