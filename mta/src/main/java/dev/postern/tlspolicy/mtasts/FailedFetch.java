package dev.postern.tlspolicy.mtasts;

import dev.postern.tlspolicy.TlsTrial;
import java.time.Duration;
import java.time.Instant;

/// The last failure to fetch a policy.
///
/// @param id of the policy that was wanted
/// @param result how it is counted
/// @param at when it was
/// @param pause how long that policy is left alone
record FailedFetch(StsRecord id, TlsTrial.Result result, String why, Instant at, Duration pause) {
    /// The least of RFC 8461 §3.3.
    private static final Duration FIRST = Duration.ofMinutes(5);

    private static final Duration MOST = Duration.ofHours(1);

    /// The first one.
    static FailedFetch first(StsRecord id, PolicyHost.Fetched.Failure failure, Instant now) {
        return new FailedFetch(id, failure.result(), failure.why(), now, FIRST);
    }

    /// Another one after this: for the same policy the pause is twice as long.
    FailedFetch again(StsRecord wanted, PolicyHost.Fetched.Failure failure, Instant now) {
        Duration twice = pause.multipliedBy(2);
        return wanted.equals(id)
                ? new FailedFetch(id, failure.result(), failure.why(), now, twice.compareTo(MOST) < 0 ? twice : MOST)
                : first(wanted, failure, now);
    }

    /// Whether a policy is not to be fetched now; another one than that which failed is left alone for a moment only.
    boolean forbids(StsRecord wanted, Instant now) {
        return now.isBefore(at.plus(wanted.equals(id) ? pause : KeptPolicy.LEAST));
    }
}
