package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ForwardCountsTest {
    private static final int STEPS = 3000;

    private final ManualClock clock = ManualClock.atNoon();
    private final ForwardCounts counts = new ForwardCounts(clock);

    @Test
    void messageCountsForAnHourAndNotForLongerThanAMinuteMore() {
        counts.count(List.of("away"));
        clock.advance(Duration.ofMinutes(60));
        assertThat(counts.of("away")).isEqualTo(1);
        assertThat(counts.inAll()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(1));
        assertThat(counts.of("away")).isZero();
        assertThat(counts.inAll()).isZero();
    }

    @Test
    void everyAliasHasItsOwnCountAndAllHaveOneTogether() {
        counts.count(List.of("away", "list"));
        counts.count(List.of("away"));
        counts.count(List.of());
        assertThat(counts.of("away")).isEqualTo(2);
        assertThat(counts.of("list")).isEqualTo(1);
        assertThat(counts.of("other")).isZero();
        assertThat(counts.inAll()).isEqualTo(3);
    }

    /// Compared with a list of every single message, over hours in which many or no messages come.
    @Test
    void countIsNeverLessThanWasLedAwayWithinAnHourAndNeverMoreThanWithin61Minutes() {
        SplittableRandom random = new SplittableRandom(46);
        Deque<Long> times = new ArrayDeque<>();
        for (int i = 0; i < STEPS; i++) {
            clock.advance(Duration.ofSeconds(random.nextInt(10) == 0 ? random.nextInt(10_000) : random.nextInt(60)));
            long now = clock.instant().getEpochSecond();
            int count = counts.of("away");
            assertThat(count)
                    .isBetween(
                            (int) times.stream()
                                    .filter(time -> time >= now - 3600)
                                    .count(),
                            (int) times.stream()
                                    .filter(time -> time > now - 3660)
                                    .count());
            counts.count(List.of("away"));
            times.add(now);
        }
    }

    @Test
    void clockThatGoesBackTakesNothingAway() {
        counts.count(List.of("away"));
        clock.advance(Duration.ofHours(-5));
        counts.count(List.of("away"));
        assertThat(counts.of("away")).isEqualTo(2);
        clock.advance(Duration.ofHours(5).plusMinutes(61));
        assertThat(counts.of("away")).isZero();
    }

    @Test
    void aliasesUsedLastAreRememberedAndNoMoreThanSoMany() {
        counts.count(List.of("first"));
        counts.count(List.of("second"));
        for (int i = 0; i < ForwardCounts.MOST - 2; i++) {
            counts.count(List.of("alias" + i));
        }
        assertThat(counts.of("first")).isEqualTo(1);
        counts.count(List.of("one more"));
        assertThat(counts.remembered()).isEqualTo(ForwardCounts.MOST);
        assertThat(counts.of("second")).as("used longest ago").isZero();
        assertThat(counts.of("first")).isEqualTo(1);
        assertThat(counts.inAll()).isEqualTo(ForwardCounts.MOST + 1);
    }
}
