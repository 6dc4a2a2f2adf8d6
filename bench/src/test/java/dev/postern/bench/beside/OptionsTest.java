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
    void withoutWordsItIsTheUsualMeasurement() {
        assertThat(Options.parse(List.of())).isEqualTo(new Options(5, 20_000, 20, 4096, Work.RELAY, false));
    }

    @Test
    void everyNumberCanBeGiven() {
        assertThat(Options.parse(
                        List.of("--octets", "1", "--sessions", "2", "--record", "--messages", "3", "--rounds", "4")))
                .isEqualTo(new Options(4, 3, 2, 1, Work.RELAY, true));
    }

    @Test
    void theCommandGivesTheSameNumbersAgain() {
        Options options = new Options(4, 3, 2, 1, Work.AUTHENTICATION, false);
        List<String> words = List.of(options.command().split(" ", -1));
        assertThat(Options.parse(words.subList(1, words.size()))).isEqualTo(options);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--round 5 | there is no option --round",
                "--rounds five | --rounds wants a number, not five",
                "--messages | --messages wants a number, not nothing",
                "--sessions 0 | every number is at least 1",
                "--octets -1 | every number is at least 1",
            })
    void anythingElseIsRefusedInASentence(String words, String sentence) {
        assertThatThrownBy(() -> Options.parse(List.of(words.split(" ", -1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(sentence);
    }
}
