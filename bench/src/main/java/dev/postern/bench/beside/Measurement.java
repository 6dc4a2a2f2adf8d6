package dev.postern.bench.beside;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One way of so many messages through a server.
///
/// @param messages how many
/// @param takenSeconds until the sender had the 250 to the last of them
/// @param relayedSeconds until the sink had the last of them
/// @param cpuSeconds of the server in that time
/// @param memory the most that the server had in that time
record Measurement(
        int messages, double takenSeconds, double relayedSeconds, double cpuSeconds, MemoryWatch.Peak memory) {
    private static final double MIB = 1024 * 1024;

    /// The medians of several measurements' figures.
    record Figures(
            double takenASecond,
            double relayedASecond,
            double cpuSecondsAThousand,
            double residentMib,
            double proportionalMib) {}

    /// @param measurements at least one
    static Figures medians(List<Measurement> measurements) {
        return new Figures(
                median(measurements, one -> one.messages / one.takenSeconds),
                median(measurements, one -> one.messages / one.relayedSeconds),
                median(measurements, one -> one.cpuSeconds * 1000 / one.messages),
                median(measurements, one -> one.memory.residentOctets() / MIB),
                median(measurements, one -> one.memory.proportionalOctets() / MIB));
    }

    private static double median(List<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
        List<Double> sorted = measurements.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
