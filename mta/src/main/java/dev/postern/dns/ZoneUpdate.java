package dev.postern.dns;

import java.time.Duration;
import java.util.List;

/// Changes to one zone that take effect all together or not at all, under conditions that the server looks at first.
///
/// @param zone the apex of the zone
/// @param conditions all of which must hold; 0 to 100
/// @param changes made in their order; 1 to 100
/// @rfc 2136 §3.7
public record ZoneUpdate(DomainName zone, List<Condition> conditions, List<Change> changes) {
    /// How many conditions, and how many changes, one update has at most.
    public static final int MOST = 100;

    private static final int MOST_RECORDS = 100;

    /// @throws IllegalArgumentException if there is no change, too many, or one to a name outside of the zone
    public ZoneUpdate {
        conditions = List.copyOf(conditions);
        changes = List.copyOf(changes);
        if (changes.isEmpty() || changes.size() > MOST || conditions.size() > MOST) {
            throw new IllegalArgumentException(changes.size() + " changes, " + conditions.size() + " conditions");
        }
        for (Condition condition : conditions) {
            within(zone, condition.name());
        }
        for (Change change : changes) {
            within(zone, change.name());
        }
    }

    /// One change without a condition.
    public static ZoneUpdate of(DomainName zone, Change change) {
        return new ZoneUpdate(zone, List.of(), List.of(change));
    }

    private static void within(DomainName zone, DomainName name) {
        if (!name.isWithin(zone)) {
            throw new IllegalArgumentException(name + " is not in the zone " + zone);
        }
    }

    /// What has to hold before anything is changed (RFC 2136 §2.4).
    public sealed interface Condition {
        /// The name it is about.
        DomainName name();

        /// The name has records of this type, whichever.
        record Exists(DomainName name, RecordType<?> type) implements Condition {}

        /// The name has no record of this type.
        record Absent(DomainName name, RecordType<?> type) implements Condition {}

        /// The name has these records of this type and no others.
        ///
        /// @param records at least one
        record Holds<R>(DomainName name, RecordType<R> type, List<R> records) implements Condition {
            public Holds {
                records = some(records);
            }
        }

        /// The name has records of some type.
        record InUse(DomainName name) implements Condition {}

        /// The name has no record at all.
        record NotInUse(DomainName name) implements Condition {}
    }

    /// What is changed (RFC 2136 §2.5).
    public sealed interface Change {
        /// The name it is about.
        DomainName name();

        /// Whatever records of this type there are, it is these from then on.
        ///
        /// @param records at least one
        record Replace<R>(DomainName name, RecordType<R> type, Duration ttl, List<R> records) implements Change {
            public Replace {
                records = some(records);
                lasting(ttl);
            }
        }

        /// One record more.
        record Add<R>(DomainName name, RecordType<R> type, Duration ttl, R record) implements Change {
            public Add {
                lasting(ttl);
            }
        }

        /// One record less; that it is not there is no fault.
        record Remove<R>(DomainName name, RecordType<R> type, R record) implements Change {}

        /// No record of this type any more.
        record RemoveAll(DomainName name, RecordType<?> type) implements Change {}
    }

    private static <R> List<R> some(List<R> records) {
        if (records.isEmpty() || records.size() > MOST_RECORDS) {
            throw new IllegalArgumentException(records.size() + " records");
        }
        return List.copyOf(records);
    }

    /// RFC 2181 §8
    private static void lasting(Duration ttl) {
        if (ttl.isNegative() || ttl.toSeconds() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("time to live " + ttl);
        }
    }
}
