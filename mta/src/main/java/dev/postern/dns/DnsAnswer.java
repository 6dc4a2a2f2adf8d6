package dev.postern.dns;

import java.time.Duration;
import java.util.List;

/// What the domain name system answered to one question.
///
/// @param <R> what one record holds
public sealed interface DnsAnswer<R> {
    /// Records exist.
    ///
    /// @param records at least one, in the order of the answer
    /// @param canonical the name that holds them, other than the one asked for where an alias was
    ///     followed
    /// @param ttl how long the answer may be kept
    /// @param authentic whether DNSSEC vouches for it (RFC 4035 §4.9.3)
    record Found<R>(List<R> records, DomainName canonical, Duration ttl, boolean authentic) implements DnsAnswer<R> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found nothing");
            }
        }
    }

    /// The name exists, but has no record of this type.
    record NoData<R>(Duration ttl, boolean authentic) implements DnsAnswer<R> {}

    /// The name does not exist (NXDOMAIN).
    record NoDomain<R>(Duration ttl, boolean authentic) implements DnsAnswer<R> {}

    /// Nobody knows now: a time-out, SERVFAIL, bogus signatures, a refused or broken answer. Trying
    /// later is right.
    ///
    /// @param why a few words for a human
    record Failed<R>(String why) implements DnsAnswer<R> {}

    /// The records found, or none.
    default List<R> recordsOrNone() {
        return this instanceof Found<R> found ? found.records() : List.of();
    }
}
