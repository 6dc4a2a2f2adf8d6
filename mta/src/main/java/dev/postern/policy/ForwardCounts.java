package dev.postern.policy;

import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/// How many messages each alias has led away within the last hour; used by any number of threads, its monitor guards
/// both counts.
///
/// Keeps the {@value #MOST} aliases that were used last: who makes it forget one has used as many others since, and the
/// count of all goes on.
public final class ForwardCounts {
    /// Aliases that are remembered.
    static final int MOST = 10_000;

    private static final int SECONDS = 60;

    private final InstantSource clock;
    private final Map<String, HourCount> byAlias = new LinkedHashMap<>(16, 0.75f, true);
    private final HourCount all;

    /// Nothing was led away yet.
    public ForwardCounts(InstantSource clock) {
        this.clock = clock;
        this.all = new HourCount(minute());
    }

    /// Messages that an alias has led away.
    synchronized int of(String alias) {
        HourCount count = byAlias.get(alias);
        return count == null ? 0 : count.at(minute());
    }

    /// Messages that all aliases have led away, once for each alias.
    synchronized int inAll() {
        return all.at(minute());
    }

    /// Counts one message that aliases lead away.
    synchronized void count(Collection<String> aliases) {
        long minute = minute();
        for (String alias : aliases) {
            byAlias.computeIfAbsent(alias, name -> new HourCount(minute)).add(minute);
            all.add(minute);
        }
        while (byAlias.size() > MOST) {
            byAlias.remove(byAlias.keySet().iterator().next()); // the one that was used longest ago
        }
    }

    /// How many aliases are remembered.
    synchronized int remembered() {
        return byAlias.size();
    }

    private long minute() {
        return Math.floorDiv(clock.instant().getEpochSecond(), SECONDS);
    }
}
