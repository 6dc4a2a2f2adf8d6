package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Long tables of what should be and what is: a failure shows only the lines that differ.
final class Differences {
    private Differences() {}

    /// @throws AssertionError with a line for each name whose values differ, or that one of them lacks
    static void assertNone(Map<String, ?> expected, Map<String, ?> seen) {
        Set<String> names = new LinkedHashSet<>(expected.keySet());
        names.addAll(seen.keySet());
        List<String> lines = new ArrayList<>();
        for (String name : names) {
            String wanted = String.valueOf(expected.get(name));
            String got = String.valueOf(seen.get(name));
            if (!wanted.equals(got)) {
                lines.add(name + ": expected " + wanted + ", seen " + got);
            }
        }
        assertThat(expected).isNotEmpty();
        assertThat(String.join("\n", lines)).isEmpty();
    }
}
