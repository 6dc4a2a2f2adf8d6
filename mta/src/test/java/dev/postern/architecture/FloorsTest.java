package dev.postern.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloorsTest {

    private final Floors floors = Floors.parse(List.of(
            "# the house", "", "3  auth auth.*  # with its parts", "2 spool dns.client", "1 auth.words", "0 dns"));

    @ParameterizedTest
    @CsvSource({
        "dev.postern.auth, 3",
        "dev.postern.auth.spf, 3",
        "dev.postern.auth.spf.deep, 3",
        "dev.postern.auth.words, 1",
        "dev.postern.spool, 2",
        "dev.postern.dns.client, 2",
        "dev.postern.dns, 0",
    })
    void packageStandsOnItsFloor(String name, int floor) {
        assertThat(floors.of(name)).hasValue(floor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev.postern", "dev.postern.spool.rocks", "dev.postern.authority", "org.example.spool", ""})
    void packageThatIsNotListedHasNoFloor(String name) {
        assertThat(floors.of(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spool 2", "2", "2 Spool", "2 spool.", "2 .spool", "2 *", "2 a,b", "-1 a", "2 a*"})
    void lineThatIsNoFloorIsRefused(String line) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Floors.parse(List.of(line)))
                .withMessageContaining(line);
    }

    @Test
    void packageCannotStandTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Floors.parse(List.of("2 spool", "3 dns spool")))
                .withMessageContaining("twice")
                .withMessageContaining("spool");
    }
}
