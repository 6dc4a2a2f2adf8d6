package dev.postern.zonerecords;

import java.time.Duration;
import java.util.List;

/// The records of one type that a name server has at one name.
///
/// @param <R> what one record holds
/// @param records in the order of the answer; none where there are none
/// @param ttl how long others may keep them, or that there are none
public record PublishedSet<R>(List<R> records, Duration ttl) {
    public PublishedSet {
        records = List.copyOf(records);
    }

    /// No records.
    static <R> PublishedSet<R> none(Duration ttl) {
        return new PublishedSet<>(List.of(), ttl);
    }
}
