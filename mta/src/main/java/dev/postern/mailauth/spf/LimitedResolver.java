package dev.postern.mailauth.spf;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Asks DNS for one check, as long as its time lasts; used by one thread.
///
/// @rfc 7208 §4.6.4
final class LimitedResolver {
    private final Resolver resolver;
    private final InstantSource time;
    private final Duration limit;
    private final Instant begin;

    LimitedResolver(Resolver resolver, InstantSource time, Duration limit) {
        this.resolver = resolver;
        this.time = time;
        this.limit = limit;
        this.begin = time.instant();
    }

    /// When the check began.
    Instant begin() {
        return begin;
    }

    /// The answer to one question.
    ///
    /// @throws Stop if the time is over
    <R> DnsAnswer<R> ask(DomainName name, RecordType<R> type) throws Stop {
        if (Duration.between(begin, time.instant()).compareTo(limit) > 0) {
            throw Stop.temporary("the check took more than " + limit.toSeconds() + " seconds");
        }
        return resolver.resolve(name, type);
    }
}
