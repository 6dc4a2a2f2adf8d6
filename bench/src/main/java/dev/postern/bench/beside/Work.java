package dev.postern.bench.beside;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the servers of a run are made to do, each work with a table of its own.
enum Work {
    /// Take mail that then waits.
    ACCEPT,
    /// Take mail and hand it on.
    RELAY,
    /// Check who sends what they take, or sign it.
    AUTHENTICATION,
    /// Reply to a client that waits, alone and beside others.
    LATENCY,
    /// Hand mail on over a path with a delay.
    DISTANCE,
    /// Take mail under TLS.
    TLS,
    /// Have sessions that say nothing.
    IDLE,
    /// Tell where the time goes.
    PROFILE;

    /// The works of the word `all`.
    static final List<Work> ALL = List.of(values());

    /// How `bench/run` is asked for it.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The name of the place of its table in `doc/performance.md`.
    String place() {
        return "last run: " + word();
    }

    /// The lines of its table, where it is one of rows and servers.
    List<Row> rows() {
        return Arrays.stream(Row.values()).filter(row -> row.work() == this).toList();
    }
}
