package dev.postern.mailauth.dkim;

import java.security.MessageDigest;
import java.util.OptionalLong;

/// The hash of a canonical body, or of its beginning, which is there once the body has passed.
public final class BodyHash {
    private static final byte[] NONE = {};

    private final long length;
    private byte[] digest = NONE;
    private long total;

    BodyHash(OptionalLong length) {
        this.length = length.orElse(Long.MAX_VALUE);
    }

    /// How many octets are hashed; the largest number if all are.
    long length() {
        return length;
    }

    void take(byte[] digest) {
        this.digest = digest;
    }

    void end(long total) {
        this.total = total;
    }

    /// How many octets the canonical body has.
    public long total() {
        return total;
    }

    /// How many octets at the end of the canonical body are not hashed.
    public long uncovered() {
        return Math.max(0, total - length);
    }

    /// Whether the body is shorter than what was to be hashed.
    public boolean tooShort() {
        return digest.length == 0;
    }

    /// Whether this is the hash; never, if the body is too short for it.
    public boolean is(byte[] expected) {
        return !tooShort() && MessageDigest.isEqual(digest, expected);
    }

    /// The hash, 32 octets.
    ///
    /// @throws IllegalStateException if the body is too short for it, or did not yet end
    public byte[] octets() {
        if (tooShort()) {
            throw new IllegalStateException("there is no hash");
        }
        return digest.clone();
    }
}
