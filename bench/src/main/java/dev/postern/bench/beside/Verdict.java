package dev.postern.bench.beside;

import java.util.Locale;

/// A goal beside what was seen, in words: met, or missed and by how much.
final class Verdict {
    private static final double PERCENT = 100;

    private Verdict() {}

    /// @param format of a figure, such as `%.1f MiB`
    static String atLeast(double bound, double seen, String format) {
        return words("≥ ", bound, seen, format, (bound - seen) / bound);
    }

    /// @param format of a figure, such as `%.1f MiB`
    static String atMost(double bound, double seen, String format) {
        return words("≤ ", bound, seen, format, (seen - bound) / bound);
    }

    private static String words(String sign, double bound, double seen, String format, double missing) {
        String figure = String.format(Locale.ROOT, format, seen);
        return sign
                + String.format(Locale.ROOT, format, bound)
                + (missing <= 0
                        ? ": met (" + figure + ")"
                        : String.format(Locale.ROOT, ": **missed** by %.0f %% (%s)", missing * PERCENT, figure));
    }
}
