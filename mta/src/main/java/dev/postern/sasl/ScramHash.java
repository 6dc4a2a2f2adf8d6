package dev.postern.sasl;

import dev.postern.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// The functions that SCRAM is made of, over SHA-256.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5802 RFC 5802 §2.2
final class ScramHash {
    /// The octets of a hash and of everything made of hashes.
    static final int OCTETS = 32;

    private static final String HMAC = "HmacSHA256";

    private ScramHash() {}

    /// `H(str)`.
    static byte[] hash(byte[] octets) {
        return Sha256.of(octets);
    }

    /// `HMAC(key, str)`, of a string in UTF-8.
    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC with SHA-256", e);
        }
    }

    /// `Hi(str, salt, i)`: the salted password; takes a microsecond or so an iteration.
    ///
    /// @param password prepared, not empty
    static byte[] salted(String password, byte[] salt, int iterations) {
        PBEKeySpec given = new PBEKeySpec(password.toCharArray(), salt, iterations, OCTETS * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(given)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2 with SHA-256", e);
        } finally {
            given.clearPassword();
        }
    }

    /// Both by exclusive or.
    static byte[] xor(byte[] one, byte[] other) {
        byte[] result = one.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= other[i];
        }
        return result;
    }
}
