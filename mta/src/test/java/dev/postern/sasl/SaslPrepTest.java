package dev.postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {

    /// The examples of RFC 4013 §3, and more of each step.
    @ParameterizedTest
    @CsvSource({
        "I\u00ADX, IX",
        "user, user",
        "USER, USER",
        "\u00AA, a",
        "\u2168, IX",
        "a\u00A0b, a b",
        "a\u200Bb, a b",
        "a\u3000b, a b",
        "a\u200Db, ab",
        "a\uFE0Fb, ab",
        "e\u0301, \u00E9",
        "\uFB01n, fin",
        "\uFF21, A",
        "\u0627\u0628, \u0627\u0628",
        "\u0627 1 \u0628, \u0627 1 \u0628",
        "\uD83D\uDD11, \uD83D\uDD11"
    })
    void stringIsMappedAndNormalised(String typed, String prepared) {
        assertThat(SaslPrep.query(typed)).hasValue(prepared);
        assertThat(SaslPrep.stored(typed)).hasValue(prepared);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0007",
                "a\u0000",
                "a\u007F",
                "a\u0085",
                "\u06271",
                "\u0627a\u0628",
                "a\u0628",
                "\u06DD",
                "\u070F",
                "\u2028",
                "\u200E",
                "\u202E",
                "\u206A",
                "\uE000",
                "\uDBC0\uDC00",
                "\uFDD0",
                "\uFFFE",
                "\uD83F\uDFFF",
                "\uD800",
                "\uFFFD",
                "\u2FF0",
                "\uDB40\uDC01",
                "\uDB40\uDC41",
                "\uD834\uDD73"
            })
    void whatIsForbiddenIsRefused(String typed) {
        assertThat(SaslPrep.query(typed)).isEmpty();
        assertThat(SaslPrep.stored(typed)).isEmpty();
    }

    @Test
    void whatUnicodeDoesNotKnowYetIsNotStoredButMayBeAskedFor() {
        String unassigned = "a\u0378";

        assertThat(SaslPrep.stored(unassigned)).isEmpty();
        assertThat(SaslPrep.query(unassigned)).hasValue(unassigned);
    }

    @Test
    void whatIsNothingToTheEyeIsNothing() {
        assertThat(SaslPrep.query("\u00AD")).hasValue("");
        assertThat(SaslPrep.query("")).hasValue("");
    }

    @Test
    void lengthIsBounded() {
        assertThat(SaslPrep.query("a".repeat(SaslPrep.MAX_LENGTH))).isPresent();
        assertThat(SaslPrep.query("a".repeat(SaslPrep.MAX_LENGTH + 1))).isEmpty();
    }

    @Test
    void preparingTwiceChangesNothingMore() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            SaslPrep.query("a" + Character.toString(c))
                    .ifPresent(once -> assertThat(SaslPrep.query(once)).hasValue(once));
        }
    }
}
