package dev.postern.blackbox.peers;

import org.junit.jupiter.api.Assumptions;

/// How much a long scenario does: little in every run of `./check`, all of it where the environment variable or system
/// property `POSTERN_EXTENT` is `full`, as `./check --all` sets it.
public final class Extent {
    private static final String NAME = "POSTERN_EXTENT";
    private static final String FULL = "full";

    private Extent() {}

    /// One of the two.
    public static int of(int little, int full) {
        return isFull() ? full : little;
    }

    /// Skips a test that is worth its time only where everything is done.
    public static void onlyInFull() {
        Assumptions.assumeTrue(isFull(), "long scenario: './check --all' runs it");
    }

    private static boolean isFull() {
        return FULL.equals(System.getProperty(NAME)) || FULL.equals(System.getenv(NAME));
    }
}
