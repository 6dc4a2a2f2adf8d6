package dev.postern.smtpserver;

import dev.postern.policy.NetworkSet;
import java.time.Duration;

/// The balancers that stand before us: each of their connections begins with a PROXY header, and nobody else's does.
///
/// @param hosts where they are
/// @param patience how long a whole header may take
/// @param waiting connections of theirs at once whose header has not come
public record Balancers(NetworkSet hosts, Duration patience, int waiting) {
    /// 5 seconds, and 1000 connections.
    public static Balancers at(NetworkSet hosts) {
        return new Balancers(hosts, Duration.ofSeconds(5), 1000);
    }

    /// @throws IllegalArgumentException if the time is not positive, or nobody may wait
    public Balancers {
        if (!patience.isPositive() || waiting < 1) {
            throw new IllegalArgumentException("no time or no room for a header");
        }
    }
}
