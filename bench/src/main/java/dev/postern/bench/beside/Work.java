package dev.postern.bench.beside;

import java.util.Arrays;
import java.util.List;

/// What the servers of a run are made to do.
enum Work {
    /// Take mail from anybody and hand it on.
    RELAY("", "last run"),
    /// Check who sends what they take, or sign it.
    AUTHENTICATION(" --authentication", "last run with authentication");

    private final String option;
    private final String place;

    Work(String option, String place) {
        this.option = option;
        this.place = place;
    }

    /// How `bench/run` is asked for it, with a blank before; empty for the usual work.
    String option() {
        return option;
    }

    /// The name of the place of its table in `doc/performance.md`.
    String place() {
        return place;
    }

    /// What is measured.
    List<Mode> modes() {
        return Arrays.stream(Mode.values()).filter(mode -> mode.work() == this).toList();
    }
}
