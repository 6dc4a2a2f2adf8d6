package dev.postern.policy;

/// Counts what happened within the last hour, in minutes: never less than what happened within 60 minutes, and at most
/// what happened within 61. Used by one thread at a time.
final class HourCount {
    /// The minute that runs and the 60 before it.
    private static final int MINUTES = 61;

    private final int[] counts = new int[MINUTES];
    private long newest;
    private int sum;

    /// @param minute the first minute
    HourCount(long minute) {
        newest = minute;
    }

    /// How many there were, up to this minute; a minute before the newest one counts as that.
    int at(long minute) {
        for (long passed = Math.max(newest, minute - MINUTES) + 1; passed <= minute; passed++) {
            int slot = Math.floorMod(passed, MINUTES);
            sum -= counts[slot];
            counts[slot] = 0;
        }
        newest = Math.max(newest, minute);
        return sum;
    }

    /// One more.
    void add(long minute) {
        at(minute);
        counts[Math.floorMod(newest, MINUTES)]++;
        sum++;
    }
}
