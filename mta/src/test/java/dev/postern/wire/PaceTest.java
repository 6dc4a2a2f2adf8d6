package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    private static final long SECOND = 1_000_000_000;

    /// Five minutes of silence, 200 octets a second.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            octets    | waited | left
            0         | 0      | 300
            1         | 299    | 1
            75        | 300    | 0
            300       | 300    | 1
            2000      | 300    | 10
            60000     | 300    | 300
            1000000   | 300    | 300
            0         | 400    | -100
            """, useHeadersInDisplayName = true)
    void whatHasComeBuysTime(long octets, long waited, long left) {
        Pace pace = new Pace(Duration.ofMinutes(5), 200);
        assertThat(Math.floorDiv(pace.left(octets, waited * SECOND), SECOND)).isEqualTo(left);
    }

    @Test
    void anOctetNowAndThenIsTooSlow() {
        Pace pace = new Pace(Duration.ofMinutes(5), 200);
        int octets = 0;
        while (pace.left(octets, octets * 4L * SECOND) > 4 * SECOND) {
            octets++;
        }
        assertThat(octets).isBetween(70, 80);
    }

    @Test
    void paceIsPositive() {
        assertThatThrownBy(() -> new Pace(Duration.ZERO, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Pace(Duration.ofSeconds(1), 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
