package dev.postern.blackbox.peers;

import org.junit.jupiter.api.Assumptions;

/// Which scenarios run: the long ones only where the environment variable or system property
/// `POSTERN_EXTENT` is `full`, as `./check --all` sets it.
public final class Extent {
    private static final String NAME = "POSTERN_EXTENT";
    private static final String FULL = "full";

    private Extent() {}

    /// Skips a test that is worth its time only where everything is done.
    public static void onlyInFull() {
        boolean full = FULL.equals(System.getProperty(NAME)) || FULL.equals(System.getenv(NAME));
        Assumptions.assumeTrue(full, "long scenario: './check --all' runs it");
    }
}
