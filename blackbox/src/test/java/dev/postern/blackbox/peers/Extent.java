package dev.postern.blackbox.peers;

import org.junit.jupiter.api.Assumptions;

/// Which scenarios run, and how large: the long ones only where the environment variable or system property
/// `POSTERN_EXTENT` is `full`, as `./check --all` sets it.
public final class Extent {
    private static final String NAME = "POSTERN_EXTENT";
    private static final String FULL = "full";

    private Extent() {}

    /// Whether everything is done, at its full size.
    public static boolean isFull() {
        return FULL.equals(System.getProperty(NAME)) || FULL.equals(System.getenv(NAME));
    }

    /// Skips a test that is worth its time only where everything is done.
    public static void onlyInFull() {
        Assumptions.assumeTrue(isFull(), "long scenario: './check --all' runs it");
    }
}
