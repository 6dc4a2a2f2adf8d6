package dev.postern.spool;

import java.time.Instant;

/// An entry of the schedule: when which message is due. Ordered by time, then id.
public record DueEntry(Instant due, QueueId id) implements Comparable<DueEntry> {
    @Override
    public int compareTo(DueEntry other) {
        int byTime = due.compareTo(other.due);
        return byTime != 0 ? byTime : id.compareTo(other.id);
    }
}
