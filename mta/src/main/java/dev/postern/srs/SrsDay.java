package dev.postern.srs;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/// A day on which an address is made; two letters tell it among the 1024 days around.
///
/// @param number days since 1970-01-01, UTC
record SrsDay(long number) {
    /// After so many days the letters begin again.
    static final int PERIOD = 1024;

    /// How many days another clock may be ahead of ours.
    static final int SKEW = 1;

    /// The alphabet of base32 (RFC 4648 §6).
    static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static final String SMALL = Letters.small(ALPHABET);
    private static final int BITS = 5;

    /// The day of an instant.
    static SrsDay of(Instant instant) {
        return new SrsDay(LocalDate.ofInstant(instant, ZoneOffset.UTC).toEpochDay());
    }

    /// The day that two letters mean, in any case: tomorrow, today, or one of the 1022 before; empty
    /// if they are none.
    Optional<SrsDay> meantBy(String stamp) {
        if (stamp.length() != 2) {
            return Optional.empty();
        }
        String letters = Letters.small(stamp);
        int high = SMALL.indexOf(letters.charAt(0));
        int low = SMALL.indexOf(letters.charAt(1));
        if (high < 0 || low < 0) {
            return Optional.empty();
        }
        long latest = number + SKEW;
        return Optional.of(new SrsDay(latest - Math.floorMod(latest - ((high << BITS) | low), PERIOD)));
    }

    /// Two letters: the number's lowest ten bits in base32.
    String stamp() {
        int rest = Math.floorMod(number, PERIOD);
        return "" + ALPHABET.charAt(rest >> BITS) + ALPHABET.charAt(rest & (ALPHABET.length() - 1));
    }
}
