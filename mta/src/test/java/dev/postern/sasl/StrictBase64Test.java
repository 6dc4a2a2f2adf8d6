package dev.postern.sasl;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictBase64Test {

    @ParameterizedTest
    @CsvSource({"'', ''", "Zg==, f", "Zm8=, fo", "Zm9v, foo", "Zm9vYg==, foob", "Zm9vYmE=, fooba", "Zm9vYmFy, foobar"})
    void vectorsOfTheStandardAreRead(String text, String octets) {
        assertThat(StrictBase64.decode(text.getBytes(US_ASCII)))
                .hasValueSatisfying(
                        decoded -> assertThat(new String(decoded, US_ASCII)).isEqualTo(octets));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Z",
                "Zg",
                "Zg=",
                "Zg===",
                "=",
                "==",
                "====",
                "Zm9v=",
                "Zm9vZg",
                "Zh==",
                "Zm9=",
                "Zm-_",
                "Zm 9",
                "Zm9v\n",
                "Zg==Zg==",
                "*",
                "Zm9vYmF\0",
                "Zm9\u00ff"
            })
    void anythingElseIsRefused(String text) {
        assertThat(StrictBase64.decode(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void everyStringOfOctetsComesBack() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int length = 0; length < 200; length++) {
            byte[] octets = new byte[length];
            random.nextBytes(octets);
            assertThat(StrictBase64.decode(StrictBase64.encode(octets)))
                    .hasValueSatisfying(decoded -> assertThat(decoded).isEqualTo(octets));
        }
    }
}
