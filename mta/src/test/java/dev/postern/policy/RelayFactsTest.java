package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayFactsTest {

    @ParameterizedTest
    @CsvSource({
        // listed, authenticated, reach, ruling
        "false, false, OURS, OURS",
        "false, true, OURS, OURS",
        "true, false, OURS, OURS",
        "true, true, OURS, OURS",
        "false, false, ROUTED, DENIED",
        "false, true, ROUTED, AUTHENTICATED",
        "true, false, ROUTED, LISTED",
        "true, true, ROUTED, AUTHENTICATED",
        "false, false, RETURNED, RETURNED",
        "false, true, RETURNED, RETURNED",
        "true, false, RETURNED, RETURNED",
        "true, true, RETURNED, RETURNED",
        "false, false, UNKNOWN, UNKNOWN",
        "false, true, UNKNOWN, UNKNOWN",
        "true, false, UNKNOWN, UNKNOWN",
        "true, true, UNKNOWN, UNKNOWN",
        "false, false, ELSEWHERE, DENIED",
        "false, true, ELSEWHERE, AUTHENTICATED",
        "true, false, ELSEWHERE, LISTED",
        "true, true, ELSEWHERE, AUTHENTICATED",
    })
    void everyCombinationHasItsRuling(
            boolean listed, boolean authenticated, RelayFacts.Reach reach, RelayFacts.Ruling ruling) {
        assertThat(new RelayFacts(listed, authenticated, reach).decide()).isEqualTo(ruling);
    }

    /// Ours is also a return address that we signed, asked for by a report.
    @Test
    void strangersReachNothingButWhatIsOurs() {
        for (RelayFacts.Reach reach : RelayFacts.Reach.values()) {
            assertThat(new RelayFacts(false, false, reach).decide().accepts())
                    .as("a stranger to %s", reach)
                    .isEqualTo(reach == RelayFacts.Reach.OURS || reach == RelayFacts.Reach.RETURNED);
        }
    }
}
