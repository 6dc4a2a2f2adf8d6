package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words of `bench/run`.
final class OptionsTest {
    @Test
    void withoutWordsAllWorksAreMeasuredAsUsual() {
        assertThat(Options.parse(List.of())).isEqualTo(new Options(Work.ALL, new Size(3, 2, 0), false));
        assertThat(Options.parse(List.of("all"))).isEqualTo(Options.DEFAULT);
    }

    @Test
    void worksAndNumbersCanBeGiven() {
        List<String> words = List.of("relay", "--seconds", "5", "--record", "accept", "--rounds", "4", "relay");
        assertThat(Options.parse(words))
                .isEqualTo(new Options(List.of(Work.RELAY, Work.ACCEPT), new Size(4, 5, 0), true));
        assertThat(Options.parse(List.of("--authentication", "--messages", "500")))
                .isEqualTo(new Options(List.of(Work.AUTHENTICATION), new Size(3, 2, 500), false));
    }

    @ParameterizedTest
    @CsvSource({
        "bench/run all --rounds 3 --seconds 2",
        "bench/run authentication accept --rounds 4 --seconds 3",
        "bench/run idle --rounds 1 --seconds 2 --messages 500",
    })
    void theCommandGivesTheSameAgain(String command) {
        List<String> words = List.of(command.split(" ", -1));
        assertThat(Options.parse(words.subList(1, words.size())).command()).isEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--round 5 | there is no option --round",
                "receive | there is no work receive",
                "--rounds five | --rounds wants a number, not five",
                "--seconds | --seconds wants a number, not nothing",
                "--rounds 0 | every number is at least 1",
                "--messages 0 | every number is at least 1",
                "--seconds -1 | every number is at least 1",
            })
    void anythingElseIsRefusedInASentence(String words, String sentence) {
        assertThatThrownBy(() -> Options.parse(List.of(words.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
