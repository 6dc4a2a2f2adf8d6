package dev.postern.mailauth.dkim;

import java.time.Duration;

/// How much work verifying may be, and what is good enough.
///
/// @param mostSignatures how many signatures of a message are looked at, from the top, 1 to 100
/// @param leastRsaBits RSA keys below prove nothing: at least 1024 (RFC 8301 §3.2)
/// @param mostRsaBits RSA keys above are too costly: 4096 to 16384 (RFC 8301 §3.2)
/// @param clockSkew how wrong the clock of a signer may be, from 0
public record DkimSettings(int mostSignatures, int leastRsaBits, int mostRsaBits, Duration clockSkew) {
    private static final int MAX_SIGNATURES = 100;
    private static final int USUAL_SIGNATURES = 10;
    private static final int LEAST_BITS = 1024;
    private static final int MUST_DO_BITS = 4096;
    private static final int USUAL_MOST_BITS = 8192;
    private static final int MAX_BITS = 16_384;
    private static final Duration USUAL_SKEW = Duration.ofMinutes(15);

    /// @throws IllegalArgumentException if a bound is out of its range
    public DkimSettings {
        if (mostSignatures < 1
                || mostSignatures > MAX_SIGNATURES
                || leastRsaBits < LEAST_BITS
                || leastRsaBits > MUST_DO_BITS
                || mostRsaBits < MUST_DO_BITS
                || mostRsaBits > MAX_BITS
                || clockSkew.isNegative()) {
            throw new IllegalArgumentException(mostSignatures + " signatures, RSA of " + leastRsaBits + " to "
                    + mostRsaBits + " bits, clocks wrong by " + clockSkew);
        }
    }

    /// Ten signatures, RSA keys of 1024 to 8192 bits, a quarter of an hour.
    public static DkimSettings usual() {
        return new DkimSettings(USUAL_SIGNATURES, LEAST_BITS, USUAL_MOST_BITS, USUAL_SKEW);
    }
}
