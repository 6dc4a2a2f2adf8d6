package dev.postern.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a server keeps of a password for SCRAM-SHA-256: enough to check a proof and to give one, not enough to log in
/// elsewhere with. Its text is `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`, as other servers write it too.
///
/// Making them takes tens of milliseconds of a processor; using them takes microseconds.
///
/// @param iterations 4096 to 10,000,000
/// @param salt 8 to 64 octets in base64
/// @param storedKey 32 octets in base64
/// @param serverKey 32 octets in base64
/// @spec https://www.rfc-editor.org/rfc/rfc5803 RFC 5803
public record ScramKeys(int iterations, String salt, String storedKey, String serverKey) {
    /// What the text of any keys begins with.
    public static final String PREFIX = "SCRAM-SHA-256$";

    /// RFC 7677 §4.
    static final int LEAST_ITERATIONS = 4096;

    static final int MOST_ITERATIONS = 10_000_000;

    /// As many as every client in the field computes: Cyrus SASL refuses more than 65,536 (decision 0056).
    static final int USUAL_ITERATIONS = 50_000;

    static final int SALT_OCTETS = 16;
    static final int LEAST_SALT = 8;
    static final int MOST_SALT = 64;

    private static final String CLIENT_KEY = "Client Key";
    private static final String SERVER_KEY = "Server Key";
    private static final Pattern FORM = Pattern.compile(
            "SCRAM-SHA-256\\$([1-9]\\d{3,7}):([A-Za-z0-9+/=]{1,88})\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

    /// @throws IllegalArgumentException if a number or a length is out of its range, or a part no base64
    public ScramKeys {
        int saltOctets = octets(salt).map(decoded -> decoded.length).orElse(0);
        boolean bounded = iterations >= LEAST_ITERATIONS
                && iterations <= MOST_ITERATIONS
                && saltOctets >= LEAST_SALT
                && saltOctets <= MOST_SALT
                && isKey(storedKey)
                && isKey(serverKey);
        if (!bounded) {
            throw new IllegalArgumentException("SCRAM keys with i=" + iterations + " and a salt of " + saltOctets);
        }
    }

    /// The keys that a text is; empty if it is none of this form or out of bounds.
    public static Optional<ScramKeys> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ScramKeys(Integer.parseInt(m.group(1)), m.group(2), m.group(3), m.group(4)));
        } catch (IllegalArgumentException outOfBounds) {
            return Optional.empty(); // the exception is how the constructor says "no"
        }
    }

    /// The keys of a new password, with a fresh salt.
    ///
    /// @param password prepared ({@link SaslPrep#stored}), not empty
    public static ScramKeys make(String password, RandomGenerator random) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return make(password, salt, USUAL_ITERATIONS);
    }

    /// The keys of a password with this salt.
    ///
    /// @rfc 5802 §3
    static ScramKeys make(String password, byte[] salt, int iterations) {
        byte[] salted = ScramHash.salted(password, salt, iterations);
        byte[] clientKey = ScramHash.hmac(salted, CLIENT_KEY);
        return of(iterations, salt, ScramHash.hash(clientKey), ScramHash.hmac(salted, SERVER_KEY));
    }

    /// Keys of these octets.
    static ScramKeys of(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new ScramKeys(
                iterations,
                base64.encodeToString(salt),
                base64.encodeToString(storedKey),
                base64.encodeToString(serverKey));
    }

    /// The proof of somebody who knows the salted password.
    ///
    /// @rfc 5802 §3
    static byte[] proof(byte[] saltedPassword, String authMessage) {
        byte[] clientKey = ScramHash.hmac(saltedPassword, CLIENT_KEY);
        return ScramHash.xor(clientKey, ScramHash.hmac(ScramHash.hash(clientKey), authMessage));
    }

    /// The signature that a server gives which knows the salted password.
    ///
    /// @rfc 5802 §3
    static byte[] signature(byte[] saltedPassword, String authMessage) {
        return ScramHash.hmac(ScramHash.hmac(saltedPassword, SERVER_KEY), authMessage);
    }

    /// Whether whoever made this proof knows the password.
    ///
    /// @param proof 32 octets
    /// @rfc 5802 §3
    boolean accepts(byte[] proof, String authMessage) {
        byte[] stored = Base64.getDecoder().decode(storedKey);
        byte[] clientKey = ScramHash.xor(proof, ScramHash.hmac(stored, authMessage));
        return MessageDigest.isEqual(ScramHash.hash(clientKey), stored);
    }

    /// Our own proof towards the client.
    ///
    /// @rfc 5802 §3
    byte[] signature(String authMessage) {
        return ScramHash.hmac(Base64.getDecoder().decode(serverKey), authMessage);
    }

    private static Optional<byte[]> octets(String base64) {
        return StrictBase64.decode(base64.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean isKey(String base64) {
        return octets(base64).filter(key -> key.length == ScramHash.OCTETS).isPresent();
    }

    /// The text that the account file has.
    @Override
    public String toString() {
        return PREFIX + iterations + ":" + salt + "$" + storedKey + ":" + serverKey;
    }
}
