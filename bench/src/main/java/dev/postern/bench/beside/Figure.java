package dev.postern.bench.beside;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// What one measurement, or the median of several, came to.
///
/// @param aSecond messages
/// @param cpuSecondsAThousand CPU seconds of the server per 1000 messages, until it rested again
/// @param proportionalMib the most PSS that it had at once
record Figure(double aSecond, double cpuSecondsAThousand, double proportionalMib) {
    /// The median of each figure for itself.
    ///
    /// @param of at least one
    static Figure median(List<Figure> of) {
        return new Figure(
                median(of, Figure::aSecond),
                median(of, Figure::cpuSecondsAThousand),
                median(of, Figure::proportionalMib));
    }

    private static double median(List<Figure> of, ToDoubleFunction<Figure> figure) {
        double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// As it stands in a table.
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,.0f · %.2f s · %.0f", aSecond, cpuSecondsAThousand, proportionalMib);
    }
}
