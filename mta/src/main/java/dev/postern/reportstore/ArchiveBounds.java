package dev.postern.reportstore;

import java.time.Duration;

/// How much an archive keeps; the oldest goes first.
///
/// @param reports how many
/// @param octets of all of them
/// @param age of the oldest
public record ArchiveBounds(int reports, long octets, Duration age) {
    private static final ArchiveBounds USUAL = new ArchiveBounds(20_000, 1L << 30, Duration.ofDays(400));

    /// @throws IllegalArgumentException if a bound leaves nothing
    public ArchiveBounds {
        if (reports < 1 || octets < 1 || !age.isPositive()) {
            throw new IllegalArgumentException("an archive that keeps nothing");
        }
    }

    /// A year and more of what even a large site is sent, a gibibyte at most.
    public static ArchiveBounds usual() {
        return USUAL;
    }
}
