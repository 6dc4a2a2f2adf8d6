package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.spool.ManualClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a next hop is found to bear, told step by step.
class ThrottleTest {
    private final ManualClock clock = ManualClock.atNoon();

    /// A lane that always has more to do, worked by hand.
    private final class World {
        private final Throttle throttle;
        private final Deque<Throttle.Mark> underWay = new ArrayDeque<>();
        private final List<Integer> limits = new ArrayList<>();

        World(LaneBounds bounds) {
            throttle = new Throttle(bounds);
        }

        /// Plays steps, each followed by what the limit is then: `b` begins as many attempts as may, `a` answers the
        /// oldest, `r` refuses the newest, `m` is a minute, `u` is the next hop up again after it was down.
        List<Integer> play(String steps) {
            for (String step : steps.split(" ", -1)) {
                switch (step) {
                    case "b" -> begin();
                    case "a" -> {
                        boolean wanted = underWay.size() >= throttle.limit();
                        underWay.removeFirst();
                        throttle.answered(wanted, clock.instant());
                    }
                    case "r" -> {
                        int together = underWay.size();
                        throttle.refused(underWay.removeLast(), together, clock.instant());
                    }
                    case "m" -> clock.advance(Duration.ofMinutes(1));
                    case "u" -> throttle.restart();
                    default -> throw new IllegalArgumentException(step);
                }
                limits.add(throttle.limit());
            }
            return limits;
        }

        void begin() {
            for (int free = throttle.free(underWay.size(), clock.instant()); free > 0; free--) {
                underWay.addLast(throttle.begin(underWay.size() + 1, clock.instant()));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                // words | first | most | steps | limits
                "an answer that others waited for opens by one | 2 | 5 | b a b a b a b a | 2 3 3 4 4 5 5 5",
                "answers that nobody waited for do not open it | 2 | 5 | b a a | 2 3 3",
                "a refusal halves it, and answers open it to one below what was too much "
                        + "| 8 | 20 | b r a a a a a b a b a b a b a b a | 8 4 5 6 6 6 6 6 7 7 7 7 7 7 7 7 7",
                "each other attempt of the same round that is refused was one too many "
                        + "| 5 | 20 | b r r r a b a b a b | 5 2 2 2 2 2 2 2 2 2",
                "it is never closed below one | 2 | 2 | b r r b r | 2 1 1 1 1",
                "the next hop that is up again begins anew | 4 | 20 | b r r r r u | 4 2 2 1 1 4",
            })
    void isAsOpenAsTheNextHopBears(String words, int first, int most, String steps, String limits) {
        assertThat(new World(new LaneBounds(first, most, 0)).play(steps))
                .as(words)
                .extracting(String::valueOf)
                .containsExactly(limits.split(" ", -1));
    }

    @Test
    void aMinuteLaterOneMoreIsTriedAndWhereThatIsRefusedTheNextTrialIsTwiceAsFarOff() {
        World world = new World(new LaneBounds(4, 20, 0));
        world.play("b r a a a b a b a b a b");
        assertThat(world.throttle.limit()).isEqualTo(3);
        assertThat(trialAfter(world)).isEqualTo(1);
        world.play("b r"); // the fourth
        assertThat(world.throttle.limit()).isEqualTo(3);
        assertThat(trialAfter(world)).isEqualTo(2);
        world.play("b r");
        assertThat(trialAfter(world)).isEqualTo(4);
        world.play("b r");
        assertThat(trialAfter(world)).isEqualTo(8);
        world.play("b r");
        assertThat(trialAfter(world)).isEqualTo(16);
        world.play("b r");
        assertThat(trialAfter(world)).isEqualTo(16);
    }

    /// After how many minutes one more is tried.
    private static int trialAfter(World world) {
        int minutes = 0;
        for (int limit = world.throttle.limit(); world.throttle.limit() == limit; minutes++) {
            world.play("b a b a m b a");
        }
        return minutes;
    }

    @Test
    void aTrialThatHoldsIsFollowedByTheNextUntilTheNextHopHasAllThatItMayGet() {
        World world = new World(new LaneBounds(4, 10, 0));
        world.play("b r a a a m");
        assertThat(world.throttle.isClosed()).isTrue();
        int told = 0;
        for (int i = 0; i < 200; i++) {
            world.begin();
            world.underWay.removeFirst();
            told += world.throttle.answered(true, clock.instant()) ? 1 : 0;
        }
        assertThat(world.throttle.isClosed()).isFalse();
        assertThat(world.throttle.limit()).isEqualTo(10);
        assertThat(told).as("told once that it bears all").isEqualTo(1);
    }

    @Test
    void whatARefusalSaysDependsOnWhatOthersMet() {
        Throttle throttle = new Throttle(LaneBounds.fixed(5));
        Throttle.Mark early = throttle.begin(1, clock.instant());
        assertThat(throttle.saysDown(early, true, 0)).as("alone").isTrue();
        assertThat(throttle.saysDown(early, true, 1))
                .as("others may get through")
                .isFalse();
        assertThat(throttle.saysDown(early, false, 1)).as("nobody is there").isTrue();
        throttle.answered(false, clock.instant());
        assertThat(throttle.saysDown(early, false, 0))
                .as("another got through since")
                .isFalse();
        Throttle.Mark late = throttle.begin(1, clock.instant());
        assertThat(throttle.saysDown(late, true, 0))
                .as("none got through since")
                .isTrue();
    }

    @Test
    void afterARefusalNothingBeginsUntilAnotherAttemptTells() {
        World world = new World(new LaneBounds(8, 20, 0));
        world.play("b r r r r r r");
        assertThat(world.underWay).hasSize(2);
        assertThat(world.throttle.limit()).isGreaterThanOrEqualTo(2);
        world.underWay.removeLast(); // it was never asked
        assertThat(world.throttle.free(1, clock.instant())).isZero();
        world.play("a");
        assertThat(world.throttle.free(0, clock.instant())).isPositive();
    }

    @Test
    void otherBoundsHoldAtOnceAndWhatIsKnownStays() {
        World world = new World(new LaneBounds(6, 6, 0));
        world.play("b r");
        world.throttle.keepWithin(LaneBounds.fixed(20));
        assertThat(world.throttle.limit()).isEqualTo(3);
        assertThat(world.throttle.isClosed()).isTrue();
        world.throttle.keepWithin(LaneBounds.fixed(2));
        assertThat(world.throttle.limit()).isEqualTo(2);

        Throttle open = new Throttle(LaneBounds.upTo(20));
        open.keepWithin(new LaneBounds(1, 40, 60));
        assertThat(open.isClosed()).isFalse();
        assertThat(open.limit()).isEqualTo(5);
        assertThat(open.free(0, clock.instant())).as("one a second").isEqualTo(1);
    }
}
