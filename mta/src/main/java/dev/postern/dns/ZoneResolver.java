package dev.postern.dns;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// The resolver that answers from a {@link Zone} in memory, at once and without a network; may be shared by all
/// threads.
public final class ZoneResolver implements Resolver {
    /// How many aliases are followed for one question.
    public static final int MAX_ALIASES = 16;

    private final Zone zone;

    /// A resolver that knows this zone and nothing else.
    public ZoneResolver(Zone zone) {
        this.zone = zone;
    }

    /// A resolver for a master file that is known to be right.
    ///
    /// @throws IllegalArgumentException if it is not, with all its faults
    public static ZoneResolver of(String masterFile) {
        return new ZoneResolver(Zone.of(masterFile));
    }

    @Override
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        DomainName at = name;
        Duration ttl = Duration.ofSeconds(Integer.MAX_VALUE);
        boolean authentic = true;
        Set<DomainName> seen = new HashSet<>();
        while (seen.add(at)) {
            switch (zone.step(at, type)) {
                case Zone.Records<R> found -> {
                    return new DnsAnswer.Found<>(
                            found.records(), at, shorter(ttl, found.ttl()), authentic && found.authentic());
                }
                case Zone.NoData<R> none -> {
                    return new DnsAnswer.NoData<>(shorter(ttl, Zone.NEGATIVE_TTL), authentic && none.authentic());
                }
                case Zone.NoDomain<R> none -> {
                    return new DnsAnswer.NoDomain<>(shorter(ttl, Zone.NEGATIVE_TTL), authentic && none.authentic());
                }
                case Zone.Failure<R> failure -> {
                    return new DnsAnswer.Failed<>(
                            switch (failure.trouble()) {
                                case SERVFAIL -> "the server answered SERVFAIL for " + at + " " + type;
                                case TIMEOUT -> "no answer came for " + at + " " + type;
                            });
                }
                case Zone.Alias<R> alias -> {
                    if (seen.size() > MAX_ALIASES) {
                        return new DnsAnswer.Failed<>(name + " leads through more than " + MAX_ALIASES + " aliases");
                    }
                    at = alias.target();
                    ttl = shorter(ttl, alias.ttl());
                    authentic &= alias.authentic();
                }
            }
        }
        return new DnsAnswer.Failed<>("the aliases of " + name + " lead in a circle at " + at);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
