package dev.postern.blackbox.peers;

import org.junit.jupiter.api.Assumptions;

/// Which scenarios run, and how large: the long ones only where the environment variable or system property
/// `POSTERN_EXTENT` is `full`, as `./check --all` sets it, or `torture`, as `dev/torture` does.
public final class Extent {
    private static final String NAME = "POSTERN_EXTENT";
    private static final String FULL = "full";
    private static final String TORTURE = "torture";
    private static final String KILLS = "POSTERN_KILLS";

    private Extent() {}

    /// Whether everything is done, at its full size.
    public static boolean isFull() {
        return is(FULL) || isTorture();
    }

    /// Whether what is repeated at random is repeated as often as `dev/torture` does.
    public static boolean isTorture() {
        return is(TORTURE);
    }

    /// How often something is repeated.
    ///
    /// @param full where everything is done
    /// @param torture where `dev/torture` asks
    public static int times(int full, int torture) {
        return isTorture() ? torture : full;
    }

    /// How often the server is killed; the environment variable `POSTERN_KILLS` says otherwise.
    public static int kills(int full, int torture) {
        String asked = System.getenv(KILLS);
        return asked == null || asked.isEmpty() ? times(full, torture) : Integer.parseInt(asked);
    }

    private static boolean is(String extent) {
        return extent.equals(System.getProperty(NAME)) || extent.equals(System.getenv(NAME));
    }

    /// Skips a test that is worth its time only where everything is done.
    public static void onlyInFull() {
        Assumptions.assumeTrue(isFull(), "long scenario: './check --all' runs it");
    }
}
