package dev.postern.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramKeysTest {
    private static final String KEY = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=";
    private static final String OTHER = "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    /// The keys that follow from the password `pencil` of RFC 7677 §3.
    @Test
    void keysOfTheExampleAreThese() {
        byte[] salt = java.util.Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        assertThat(ScramKeys.make("pencil", salt, 4096))
                .hasToString("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER);
    }

    @Test
    void textIsReadAsTheSameKeys() {
        ScramKeys made = ScramKeys.make("open sesame", new SecureRandom());

        assertThat(ScramKeys.parse(made.toString())).hasValue(made);
        assertThat(made.iterations()).isEqualTo(50_000);
    }

    @Test
    void samePasswordGetsOtherKeysEachTime() {
        SecureRandom random = new SecureRandom();

        assertThat(ScramKeys.make("open sesame", random).storedKey())
                .isNotEqualTo(ScramKeys.make("open sesame", random).storedKey());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SCRAM-SHA-256$",
                "SCRAM-SHA-1$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$04096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$4095:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$10000001:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$99999999999:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$4096:W22Z$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=$" + KEY + ":" + OTHER,
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY,
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":W22ZaJ0SNY7soEsUEjb6gQ==",
                "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER + " ",
                "scram-sha-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$" + KEY + ":" + OTHER
            })
    void anythingElseIsRefused(String text) {
        assertThat(ScramKeys.parse(text)).isEmpty();
    }
}
