package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampsTest {
    @Test
    void laterFieldsStandAboveEarlierOnes() {
        Stamps stamps = new Stamps();
        assertThat(stamps.text()).isEmpty();
        stamps.add("A: 1\r\nB: 2\r\n\t3\r\n");
        stamps.add("C: 4\r\n");
        assertThat(stamps.text()).isEqualTo("C: 4\r\nA: 1\r\nB: 2\r\n\t3\r\n");
        assertThat(stamps.fields()).extracting(HeaderField::text).containsExactly("C: 4", "A: 1", "B: 2\r\n\t3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: 1", "A: 1\n", "A 1\r\n", "A: 1\r\n\r\n", "A: 1\r\nevil\r\n", "A: 1\r\n 2", "\r\n"})
    void whatAreNoFieldsIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Stamps().add(text));
    }
}
