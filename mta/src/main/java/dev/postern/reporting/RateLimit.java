package dev.postern.reporting;

import dev.postern.dns.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How many reports go out in an hour, to one domain and in all. Guarded by the lock of its owner.
final class RateLimit {
    private static final Duration HOUR = Duration.ofHours(1);

    private final int ofDomain;
    private final int inAll;
    private final Map<DomainName, Integer> domains = new HashMap<>();
    private Instant begin = Instant.MIN;
    private int all;

    RateLimit(int ofDomain, int inAll) {
        this.ofDomain = ofDomain;
        this.inAll = inAll;
    }

    /// Takes a place in this hour, if there is one.
    boolean take(DomainName domain, Instant now) {
        if (now.isBefore(begin) || !now.isBefore(begin.plus(HOUR))) {
            begin = now;
            all = 0;
            domains.clear();
        }
        if (all >= inAll || domains.getOrDefault(domain, 0) >= ofDomain) {
            return false;
        }
        all++;
        domains.merge(domain, 1, Integer::sum);
        return true;
    }
}
