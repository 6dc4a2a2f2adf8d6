package dev.postern.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SrsSecretsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 0 | no secret",
                "\\n\\n# a note\\n | 0 | no secret",
                "0123456789abcde | 1 | less than 16",
                "0123456789abcdef\\nshort | 2 | less than 16",
                "1-3456789abcdef0\\n2-3456789abcdef0\\n3-3456789abcdef0\\n4-3456789abcdef0\\n5-3456789abcdef0"
                        + "\\n6-3456789abcdef0\\n7-3456789abcdef0\\n8-3456789abcdef0\\n9-3456789abcdef0 | 9 | more than 8",
            })
    void whatHoldsNoGoodSecretIsToldWithItsLine(String text, int line, String what) {
        assertThat(SrsSecrets.parse(text.replace("\\n", "\n")))
                .isInstanceOfSatisfying(SrsSecrets.Reading.Bad.class, bad -> {
                    assertThat(bad.line()).isEqualTo(line);
                    assertThat(bad.what()).contains(what).doesNotContain("short", "3456789");
                });
        assertThatIllegalArgumentException().isThrownBy(() -> SrsSecrets.of(text.replace("\\n", "\n")));
    }

    @Test
    void notesEmptyLinesAndSpaceAroundAreNoSecrets() {
        SrsSecrets secrets = SrsSecrets.of("# note\n\n  0123456789abcdef \r\nfedcba9876543210");
        assertThat(secrets).hasToString("2 secret(s)");
        assertThat(secrets.verify(SrsSecrets.of("0123456789abcdef").sign("x"), "x"))
                .isTrue();
        assertThat(secrets.verify(SrsSecrets.of("fedcba9876543210").sign("x"), "x"))
                .isTrue();
        assertThat(secrets.sign("x"))
                .isEqualTo(SrsSecrets.of("0123456789abcdef").sign("x"));
    }

    @Test
    void freshSecretIsLongAndNeverTheSame() {
        SecureRandom random = new SecureRandom();
        String one = SrsSecrets.fresh(random);
        assertThat(one).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(SrsSecrets.fresh(random));
        assertThat(SrsSecrets.of(one)).hasToString("1 secret(s)").asString().doesNotContain(one);
    }

    /// The expected letters come from another implementation of HMAC-SHA-256 and base32, over the parts with NUL
    /// between.
    @Test
    void hashIsTheBeginningOfHmacSha256InBase32() {
        SrsSecrets secrets = SrsSecrets.of("0123456789abcdef");
        assertThat(secrets.sign("what", "is", "signed")).isEqualTo("ZSSDHW");
        assertThat(secrets.sign("a", "b")).isNotEqualTo(secrets.sign("ab")).isNotEqualTo(secrets.sign("b", "a"));
        assertThat(secrets.sign("A", "b")).isEqualTo(secrets.sign("a", "B"));
    }
}
