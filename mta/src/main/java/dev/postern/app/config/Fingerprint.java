package dev.postern.app.config;

import java.util.Locale;
import java.util.Optional;

/// The SHA-256 of a certificate or of its public key, as programs print it.
final class Fingerprint {
    /// How it is written.
    static final String EXPECTED =
            "the SHA-256 of a certificate or of its public key: 64 hexadecimal digits, with or without colons";

    private Fingerprint() {}

    /// Its 64 digits, in lower case.
    static Optional<String> parse(String text) {
        String plain = text.replace(":", "").toLowerCase(Locale.ROOT);
        return plain.matches("[0-9a-f]{64}") ? Optional.of(plain) : Optional.empty();
    }
}
