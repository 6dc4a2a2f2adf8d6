package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import java.time.Duration;
import java.time.Instant;

/// A policy as it is kept.
///
/// @param domain whose it is
/// @param id as its record had it when it was fetched
/// @param fetched when that was
/// @param asked when mail for the domain last wanted it, about to the day
public record KeptPolicy(DomainName domain, StsRecord id, StsPolicy policy, Instant fetched, Instant asked) {
    /// A policy is in force for so long at least, so that one with no age at all serves the mail it was fetched for.
    static final Duration LEAST = Duration.ofMinutes(1);

    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WANTED = Duration.ofDays(30);
    private static final int OWN_OCTETS = 300;
    private static final int HOST_OCTETS = 60;

    /// When it ends (RFC 8461 §3.2).
    Instant until() {
        return fetched.plus(policy.maxAge().compareTo(LEAST) > 0 ? policy.maxAge() : LEAST);
    }

    /// Whether it is in force.
    boolean isInForce(Instant now) {
        return now.isBefore(until());
    }

    /// Whether it was fetched a moment ago.
    boolean isFresh(Instant now) {
        return now.isBefore(fetched.plus(LEAST));
    }

    /// Whether it is time to fetch it again: daily, or in the middle of a shorter life, as long as somebody wants it.
    ///
    /// @rfc 8461 §10.2
    boolean isDue(Instant now) {
        Duration half = policy.maxAge().dividedBy(2);
        Duration wait = half.compareTo(DAY) < 0 ? half : DAY;
        return !now.isBefore(fetched.plus(wait)) && !isFresh(now) && now.isBefore(asked.plus(WANTED));
    }

    /// The same, asked for now; this one where that was noted today.
    KeptPolicy askedAt(Instant now) {
        return now.isBefore(asked.plus(DAY)) ? this : new KeptPolicy(domain, id, policy, fetched, now);
    }

    /// Octets of memory, about.
    int weight() {
        return OWN_OCTETS
                + policy.hosts().stream()
                        .mapToInt(host -> HOST_OCTETS + host.length())
                        .sum();
    }
}
