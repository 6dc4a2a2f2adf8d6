package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.pressure.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SheddingTest {

    /// RFC 5321 §4.5.3.2.7: five minutes, as long as there is no need.
    @ParameterizedTest
    @CsvSource({
        "CALM, 10, 300, 300",
        "BUSY, 10, 300, 75",
        "OVERLOADED, 10, 300, 10",
        "BUSY, 100, 300, 100",
        "OVERLOADED, 100, 300, 100",
        "BUSY, 10, 20, 10",
        "CALM, 10, 5, 5",
        "BUSY, 10, 5, 5",
        "OVERLOADED, 10, 5, 5",
    })
    void commandTimeOutShrinksToTheLeast(Level level, int least, int usual, int left) {
        Duration command = Duration.ofSeconds(usual);
        double share = new Shedding(Duration.ofSeconds(least), Duration.ofSeconds(1)).share(level, command);
        assertThat(share * usual).isCloseTo(left, org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void timesArePositive() {
        assertThatThrownBy(() -> new Shedding(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Shedding(Duration.ofSeconds(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // silent, in this phase, does it shrink, overdue with a tenth of 5 and of 10 minutes
        "30, 30, true, false",
        "31, 31, true, true",
        "1, 60, true, false",
        "1, 61, true, true",
        "1, 61, false, false",
        "31, 61, false, true",
    })
    void waitIsOverdueBySilenceOrByItsPhase(int silent, int inPhase, boolean shrinks, boolean overdue) {
        long now = 12345;
        long second = Duration.ofSeconds(1).toNanos();
        Turn.Phase phase = new Turn.Phase(now - inPhase * second, Duration.ofMinutes(10), shrinks);
        Turn.Wait wait = new Turn.Wait(now - silent * second, phase, Turn.Wait.For.COMMAND);
        assertThat(wait.isOverdue(now, 0.1, Duration.ofMinutes(5))).isEqualTo(overdue);
    }
}
