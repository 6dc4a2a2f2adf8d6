package dev.postern.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    private static final String SALT = "c2FsdHNhbHRzYWx0c2FsdA";
    private static final String HASH = "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    @Test
    void aPasswordMatchesItsOwnHashAlsoAfterTheTextForm() {
        PasswordHash hash = PasswordHash.make("correct horse", new SecureRandom());

        PasswordHash read = PasswordHash.parse(hash.toString()).orElseThrow();

        assertThat(read).isEqualTo(hash);
        assertThat(read.matches("correct horse")).isTrue();
        assertThat(read.matches("correct horsf")).isFalse();
        assertThat(read.matches("")).isFalse();
    }

    @Test
    void twoHashesOfOnePasswordDiffer() {
        SecureRandom random = new SecureRandom();

        assertThat(PasswordHash.make("same", random)).isNotEqualTo(PasswordHash.make("same", random));
    }

    @Test
    void theReferenceProgramsHashOfPasswordWithSaltSomesaltMatches() {
        // from the test vectors of the Argon2 reference implementation (CC0): t=2 m=2^16 p=1
        PasswordHash hash = PasswordHash.parse(
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
                .orElseThrow();

        assertThat(hash.matches("password")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "!",
                "$argon2i$v=19$m=65536,t=2,p=1$" + SALT + "$" + HASH,
                "$argon2id$v=16$m=65536,t=2,p=1$" + SALT + "$" + HASH,
                "$argon2id$v=19$m=9999999,t=2,p=1$" + SALT + "$" + HASH,
                "$argon2id$v=19$m=65536,t=0,p=1$" + SALT + "$" + HASH,
                "$argon2id$v=19$m=65536,t=2,p=99$" + SALT + "$" + HASH,
                "$argon2id$v=19$m=65536,t=2,p=1$" + SALT + "$",
                "$argon2id$v=19$m=65536,t=2,p=1$sa lt$" + HASH
            })
    void whatIsNoHashOrWouldCostTooMuchIsNotRead(String text) {
        assertThat(PasswordHash.parse(text)).isEmpty();
    }
}
