package dev.postern.reportstore;

import java.util.List;

/// What was counted.
///
/// @param rows each kind once
/// @param beyond how many more there were that stand in no row, since there would have been too many rows
/// @param all how many there were, in rows and beyond
public record Tally<R>(List<R> rows, long beyond, long all) {
    public Tally {
        rows = List.copyOf(rows);
    }
}
