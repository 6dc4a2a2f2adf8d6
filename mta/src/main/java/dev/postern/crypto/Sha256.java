package dev.postern.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The hash SHA-256 (FIPS 180-4): 32 octets.
public final class Sha256 {
    private Sha256() {}

    /// One that octets are put into bit by bit.
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// That of some octets.
    public static byte[] of(byte[] octets) {
        return begin().digest(octets);
    }

    /// That of a text in UTF-8.
    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// That of some octets, as 64 lower-case hexadecimal digits.
    public static String hex(byte[] octets) {
        return HexFormat.of().formatHex(of(octets));
    }

    /// The first octets of that of a text, as lower-case hexadecimal digits: a short name for something long.
    ///
    /// @param octets 1 to 32
    public static String name(String text, int octets) {
        return HexFormat.of().formatHex(of(text), 0, octets);
    }
}
