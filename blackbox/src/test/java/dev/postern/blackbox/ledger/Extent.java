package dev.postern.blackbox.ledger;

/// How much a long scenario does: little in every run of `./check`, all of it where the environment variable or system
/// property `POSTERN_EXTENT` is `full`, as `./check --all` sets it.
final class Extent {
    private static final String NAME = "POSTERN_EXTENT";
    private static final String FULL = "full";

    private Extent() {}

    /// One of the two.
    static int of(int little, int full) {
        return FULL.equals(System.getProperty(NAME)) || FULL.equals(System.getenv(NAME)) ? full : little;
    }
}
