package dev.postern.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackOffTest {
    private static final BackOff WAITS = new BackOff(Duration.ofMinutes(1), 2, Duration.ofHours(4), 0.25);

    @ParameterizedTest
    @CsvSource({
        "-5, PT1M",
        "0, PT1M",
        "1, PT1M",
        "2, PT2M",
        "3, PT4M",
        "8, PT2H8M",
        "9, PT4H",
        "10, PT4H",
        "2147483647, PT4H",
    })
    void waitsDoubleUpToTheLongest(int turns, Duration wait) {
        assertThat(WAITS.after(turns)).isEqualTo(wait);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, PT1M", "PT-5M, PT1M", "PT3M, PT3M", "PT1H, PT1H", "PT100H, PT4H", "PT1000000H, PT4H"})
    void theWaitAtAnAgeIsThatOfSomethingTriedAllTheTime(Duration age, Duration wait) {
        assertThat(WAITS.atAge(age)).isEqualTo(wait);
    }

    @Test
    void jitterStaysWithinItsPart() {
        Random random = new Random(1);
        Duration wait = Duration.ofMinutes(10);
        for (int i = 0; i < 1000; i++) {
            assertThat(WAITS.spread(wait, random)).isBetween(Duration.ofSeconds(450), Duration.ofSeconds(750));
        }
        BackOff exact = new BackOff(Duration.ofMinutes(1), 1, Duration.ofMinutes(1), 0);
        assertThat(exact.spread(wait, random)).isEqualTo(wait);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 2, PT1H, 0",
        "PT2H, 2, PT1H, 0",
        "PT1M, 0.5, PT1H, 0",
        "PT1M, NaN, PT1H, 0",
        "PT1M, 2, PT1H, 0.95",
        "PT1M, 2, PT1H, -1"
    })
    void nonsenseIsRefused(Duration first, double factor, Duration most, double jitter) {
        assertThatThrownBy(() -> new BackOff(first, factor, most, jitter)).isInstanceOf(IllegalArgumentException.class);
    }
}
