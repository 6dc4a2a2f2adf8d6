package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdate.Change;
import dev.postern.dns.ZoneUpdate.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A change to the records of one type at one name, from what was seen there to what should be.
///
/// @param <R> what one record holds
/// @param before what was seen there, all of that type; the change is made only as long as it is the same
public record RecordChange<R>(DomainName name, RecordType<R> type, PublishedSet<R> before, Edit<R> edit) {
    /// How long others keep what we publish where nothing was.
    static final Duration TTL = Duration.ofHours(1);

    /// @throws IllegalArgumentException if nothing is changed, or something is taken away that was not seen
    public RecordChange {
        if (edit.isEmpty() || !before.records().containsAll(edit.remove())) {
            throw new IllegalArgumentException("a change of " + before + ": " + edit);
        }
    }

    /// The change as an update of a zone, which fails where somebody else has changed the records meanwhile.
    ///
    /// @rfc 2136 §2.4
    ZoneUpdate update(DomainName zone) {
        List<Change> changes = new ArrayList<>();
        edit.remove().forEach(record -> changes.add(new Change.Remove<>(name, type, record)));
        // The records of a set have one time to live (RFC 2181 §5.2).
        Duration ttl = before.records().isEmpty() ? TTL : before.ttl();
        edit.add().forEach(record -> changes.add(new Change.Add<>(name, type, ttl, record)));
        return new ZoneUpdate(zone, List.of(condition()), changes);
    }

    private Condition condition() {
        if (!before.records().isEmpty()) {
            return new Condition.Holds<>(
                    name, type, before.records().stream().distinct().toList());
        }
        // An alias stands alone (RFC 1034 §3.6.2).
        return type.equals(RecordType.CNAME) ? new Condition.NotInUse(name) : new Condition.Absent(name, type);
    }

    /// What is done, as lines with `-` or `+` before a line of a master file.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        edit.remove().forEach(record -> lines.add("- " + MasterFile.line(name, type, record)));
        edit.add().forEach(record -> lines.add("+ " + MasterFile.line(name, type, record)));
        return List.copyOf(lines);
    }
}
