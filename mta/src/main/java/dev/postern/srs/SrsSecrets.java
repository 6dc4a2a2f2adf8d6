package dev.postern.srs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The secrets that addresses are signed with: the first signs, all of them verify; never changes.
///
/// They serve any scheme that writes a keyed hash into a local part, each scheme its own.
public final class SrsSecrets {
    /// The shortest secret, in octets.
    public static final int LEAST_OCTETS = 16;

    /// So many secrets at most: each is one more chance for who guesses.
    public static final int MOST = 8;

    /// Letters of a hash: 30 bits.
    static final int HASH_LETTERS = 6;

    private static final int FRESH_OCTETS = 32;
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LETTER_BITS = 5;

    private static final int HEX_OCTETS = 3;
    private static final int NUMBERS = 10;

    private final List<SecretKeySpec> keys;

    private SrsSecrets(List<SecretKeySpec> keys) {
        this.keys = List.copyOf(keys);
    }

    /// A hash in another scheme's form, which also names the secret.
    ///
    /// @param key 0 to 9, made of the secret, so that it stays the same in whatever line the secret stands; two may
    ///     share one
    /// @param digits six hexadecimal digits: 24 bits
    public record Numbered(int key, String digits) {}

    /// What a text was read as.
    public sealed interface Reading {
        /// Secrets.
        record Good(SrsSecrets secrets) implements Reading {}

        /// Not secrets.
        ///
        /// @param line from 1; 0 where the text as a whole is meant
        /// @param what a sentence that says what to write instead; never shows a secret
        record Bad(int line, String what) implements Reading {}
    }

    /// The secrets of a text, one a line; empty lines and lines that begin with `#` are none.
    public static Reading parse(String text) {
        List<SecretKeySpec> keys = new ArrayList<>();
        List<String> lines = text.lines().map(String::strip).toList();
        for (int i = 0; i < lines.size(); i++) {
            byte[] octets = lines.get(i).getBytes(StandardCharsets.UTF_8);
            if (octets.length == 0 || octets[0] == '#') {
                continue;
            }
            if (octets.length < LEAST_OCTETS) {
                return new Reading.Bad(
                        i + 1,
                        "a secret of less than " + LEAST_OCTETS + " characters can be guessed; write a longer one");
            }
            if (keys.size() == MOST) {
                return new Reading.Bad(i + 1, "there are more than " + MOST + " secrets; remove the oldest");
            }
            keys.add(new SecretKeySpec(octets, ALGORITHM));
        }
        return keys.isEmpty()
                ? new Reading.Bad(
                        0, "there is no secret in it; write one of 16 characters or more in a line of its own")
                : new Reading.Good(new SrsSecrets(keys));
    }

    /// One secret.
    ///
    /// @throws IllegalArgumentException if it is none, see {@link #parse}
    public static SrsSecrets of(String secret) {
        return switch (parse(secret)) {
            case Reading.Good(SrsSecrets secrets) -> secrets;
            case Reading.Bad(int line, String what) -> throw new IllegalArgumentException(what);
        };
    }

    /// A secret that nobody has guessed, to be written into a line.
    ///
    /// @param random one that cannot be foretold
    public static String fresh(RandomGenerator random) {
        byte[] octets = new byte[FRESH_OCTETS];
        random.nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /// The hash of parts, none of which holds a NUL; letters A to Z count as a to z.
    String sign(String... parts) {
        return hash(keys.getFirst(), parts);
    }

    /// Whether a hash, in any case, is one of these parts with any of the secrets; takes as long whichever letter is
    /// wrong.
    boolean verify(String hash, String... parts) {
        byte[] claimed = Letters.small(hash).getBytes(StandardCharsets.UTF_8);
        boolean genuine = false;
        for (SecretKeySpec key : keys) {
            genuine |= MessageDigest.isEqual(Letters.small(hash(key, parts)).getBytes(StandardCharsets.UTF_8), claimed);
        }
        return genuine;
    }

    /// The hash of parts, none of which holds a NUL, with the number of the secret that signs; letters A to Z count
    /// as a to z.
    public Numbered numbered(String... parts) {
        return new Numbered(number(keys.getFirst()), digits(keys.getFirst(), parts));
    }

    /// Whether a hash, in any case, is one of these parts with a secret of that number; takes as long whichever
    /// digit is wrong.
    public boolean verify(Numbered claimed, String... parts) {
        byte[] digits = Letters.small(claimed.digits()).getBytes(StandardCharsets.UTF_8);
        boolean genuine = false;
        for (SecretKeySpec key : keys) {
            genuine |= number(key) == claimed.key() // the number is no secret
                    && MessageDigest.isEqual(digits(key, parts).getBytes(StandardCharsets.UTF_8), digits);
        }
        return genuine;
    }

    private static int number(SecretKeySpec key) {
        return (mac(key, "number")[0] & 0xFF) % NUMBERS;
    }

    private static String digits(SecretKeySpec key, String... parts) {
        return HexFormat.of().formatHex(mac(key, parts), 0, HEX_OCTETS);
    }

    private static byte[] mac(SecretKeySpec key, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(Letters.small(String.join("\0", parts)).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static String hash(SecretKeySpec key, String... parts) {
        byte[] octets = mac(key, parts);
        long bits = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            bits = (bits << Byte.SIZE) | (octets[i] & 0xFF);
        }
        StringBuilder letters = new StringBuilder(HASH_LETTERS);
        for (int i = 1; i <= HASH_LETTERS; i++) {
            letters.append(SrsDay.ALPHABET.charAt((int) (bits >>> (Long.SIZE - i * LETTER_BITS)) & 31));
        }
        return letters.toString();
    }

    /// Tells how many, never which.
    @Override
    public String toString() {
        return keys.size() + " secret(s)";
    }
}
