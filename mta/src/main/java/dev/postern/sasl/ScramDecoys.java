package dev.postern.sasl;

import java.util.Arrays;

/// Keys for users who do not exist, so that SCRAM asks everybody alike: the same name always gets the same salt, and no
/// password fits.
///
/// @rfc 5802 §9
public final class ScramDecoys {
    private static final int LEAST_SECRET = 16;

    private final byte[] secret;

    /// @param secret 16 octets or more that nobody knows but this server, and that stay: with another secret the salts
    /// of
    ///     those who do not exist would change, which tells them from the others
    /// @throws IllegalArgumentException if it is shorter
    public ScramDecoys(byte[] secret) {
        if (secret.length < LEAST_SECRET) {
            throw new IllegalArgumentException("a secret of " + secret.length + " octets");
        }
        this.secret = secret.clone();
    }

    /// The keys of a name in its canonical form.
    ScramKeys of(String user) {
        byte[] salt = Arrays.copyOf(ScramHash.hmac(secret, "salt " + user), ScramKeys.SALT_OCTETS);
        return ScramKeys.of(
                ScramKeys.USUAL_ITERATIONS,
                salt,
                ScramHash.hmac(secret, "StoredKey " + user),
                ScramHash.hmac(secret, "ServerKey " + user));
    }
}
