package dev.postern.bench.beside;

import java.util.ArrayList;
import java.util.List;

/// What Postern is to reach in one row; a figure of 0 asks nothing.
///
/// @param timesPostfix its rate is at least so many times Postfix's
/// @param ofCeiling its rate is at least this share of `smtp-sink`'s
/// @param cpuSeconds it uses at most so many CPU seconds per 1000 messages
record Goal(double timesPostfix, double ofCeiling, double cpuSeconds) {
    /// MiB of PSS that it is to have at most, whatever it does.
    static final double MEMORY = 350;

    private static final double PERCENT = 100;

    /// Each goal with what was seen.
    ///
    /// @param postern its figures
    /// @param postfixRate messages a second of Postfix; 0 where it was not measured
    /// @param ceiling messages a second of `smtp-sink`; 0 where it was not measured
    List<String> verdicts(Figure postern, double postfixRate, double ceiling) {
        List<String> verdicts = new ArrayList<>();
        if (timesPostfix > 0 && postfixRate > 0) {
            verdicts.add(Verdict.atLeast(timesPostfix, postern.aSecond() / postfixRate, "%.1f × Postfix"));
        }
        if (ofCeiling > 0 && ceiling > 0) {
            verdicts.add(
                    Verdict.atLeast(ofCeiling * PERCENT, postern.aSecond() / ceiling * PERCENT, "%.0f %% of the sink"));
        }
        if (cpuSeconds > 0) {
            verdicts.add(Verdict.atMost(cpuSeconds, postern.cpuSecondsAThousand(), "%.2f s"));
        }
        verdicts.add(memory(postern.proportionalMib()));
        return verdicts;
    }

    /// The goal of memory with what was seen.
    static String memory(double mib) {
        return Verdict.atMost(MEMORY, mib, "%.0f MiB");
    }
}
