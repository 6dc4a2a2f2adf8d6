package dev.postern.queue;

/// How much one next hop may get.
///
/// @param first attempts at once as long as nothing is known of it, 1 or more
/// @param most attempts at once, however well it bears them; not less
/// @param perMinute attempts within a minute; 0 for as many as it takes
public record LaneBounds(int first, int most, int perMinute) {
    private static final int USUAL_FIRST = 5;

    /// @throws IllegalArgumentException if a bound leaves no room
    public LaneBounds {
        if (first < 1 || most < first || perMinute < 0) {
            throw new IllegalArgumentException(
                    "from " + first + " to " + most + " attempts at once, " + perMinute + " a minute");
        }
    }

    /// As many attempts at once as the next hop bears, but for an upper bound.
    public static LaneBounds upTo(int most) {
        return new LaneBounds(Math.min(USUAL_FIRST, most), most, 0);
    }

    /// So many attempts at once as long as the next hop bears them.
    public static LaneBounds fixed(int concurrency) {
        return new LaneBounds(concurrency, concurrency, 0);
    }
}
