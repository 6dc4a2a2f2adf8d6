package dev.postern.mailauth;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The resolver of one check, which fails every question beyond its allowance. Used by one thread.
///
/// Each check has one of its own, so that none can use up what another needs: the silence of one stranger's servers
/// must
/// not hide what another domain publishes.
public final class BoundedResolver implements Resolver {
    private final Resolver resolver;
    private final InstantSource clock;
    private final DnsAllowance allowance;
    private final Instant begin;
    private int asked;

    /// @param clock tells how much time is over; it runs from now
    public BoundedResolver(Resolver resolver, InstantSource clock, DnsAllowance allowance) {
        this.resolver = resolver;
        this.clock = clock;
        this.allowance = allowance;
        this.begin = clock.instant();
    }

    @Override
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        if (asked == allowance.questions()) {
            return new DnsAnswer.Failed<>("the check has asked " + asked + " questions before this one");
        }
        if (Duration.between(begin, clock.instant()).compareTo(allowance.time()) > 0) {
            return new DnsAnswer.Failed<>(
                    "the check has taken more than " + allowance.time().toSeconds() + " seconds");
        }
        asked++;
        return resolver.resolve(name, type);
    }
}
