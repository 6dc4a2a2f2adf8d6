package dev.postern.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// An Argon2id hash of a password (RFC 9106) in the usual text form
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Making or checking one takes tens of milliseconds of one processor and `memoryKib` of heap:
/// callers bound how many run at once.
///
/// @param memoryKib memory in KiB, 8 to 1048576
/// @param iterations passes over the memory, 1 to 64
/// @param parallelism lanes, 1 to 16
/// @param salt in base64 without padding
/// @param hash in base64 without padding
/// @spec https://www.rfc-editor.org/rfc/rfc9106 RFC 9106
public record PasswordHash(int memoryKib, int iterations, int parallelism, String salt, String hash) {
    private static final int DEFAULT_MEMORY_KIB = 19 * 1024;
    private static final int DEFAULT_ITERATIONS = 2;
    private static final int SALT_OCTETS = 16;
    private static final int HASH_OCTETS = 32;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

    /// @throws IllegalArgumentException if a number is out of its range
    public PasswordHash {
        boolean bounded = memoryKib >= 8 * parallelism
                && memoryKib <= 1 << 20
                && iterations >= 1
                && iterations <= 64
                && parallelism >= 1
                && parallelism <= 16;
        if (!bounded) {
            throw new IllegalArgumentException(
                    "Argon2id with m=" + memoryKib + " t=" + iterations + " p=" + parallelism);
        }
    }

    /// The hash that a text is; empty if it is none of this form or out of bounds.
    public static Optional<PasswordHash> parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        try {
            PasswordHash parsed = new PasswordHash(
                    Integer.parseInt(m.group(1)),
                    Integer.parseInt(m.group(2)),
                    Integer.parseInt(m.group(3)),
                    m.group(4),
                    m.group(5));
            Base64.getDecoder().decode(parsed.salt);
            Base64.getDecoder().decode(parsed.hash);
            return Optional.of(parsed);
        } catch (IllegalArgumentException outOfBounds) {
            return Optional.empty(); // the exception is how the constructor and Base64 say "no"
        }
    }

    /// The hash of a new password, with a fresh salt and the costs that OWASP names as its minimum
    /// (19 MiB, 2 passes).
    public static PasswordHash make(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_OCTETS];
        random.nextBytes(salt);
        return usual(salt, derive(password, salt, DEFAULT_MEMORY_KIB, DEFAULT_ITERATIONS, 1, HASH_OCTETS));
    }

    /// The hash of no password, which takes as long to check as one that {@link #make} made.
    public static PasswordHash ofNothing(SecureRandom random) {
        byte[] salt = new byte[SALT_OCTETS];
        byte[] hash = new byte[HASH_OCTETS];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return usual(salt, hash);
    }

    private static PasswordHash usual(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new PasswordHash(
                DEFAULT_MEMORY_KIB, DEFAULT_ITERATIONS, 1, base64.encodeToString(salt), base64.encodeToString(hash));
    }

    /// Whether a password is the one that was hashed; takes as long for a wrong one.
    public boolean matches(String password) {
        byte[] expected = Base64.getDecoder().decode(hash);
        byte[] got =
                derive(password, Base64.getDecoder().decode(salt), memoryKib, iterations, parallelism, expected.length);
        return MessageDigest.isEqual(expected, got);
    }

    private static byte[] derive(
            String password, byte[] salt, int memoryKib, int iterations, int parallelism, int octets) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(parallelism)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[octets];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }

    @Override
    public String toString() {
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + parallelism + "$" + salt + "$" + hash;
    }
}
