package dev.postern.dns;

/// Asks the domain name system; blocks its (virtual) thread for a bounded time and never throws for
/// what DNS does.
public interface Resolver {
    /// The answer to one question; aliases (CNAME) are followed.
    <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type);

    /// The resolver of a host without DNS: every question fails.
    static Resolver none() {
        return new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                return new DnsAnswer.Failed<>("no resolver is configured");
            }
        };
    }
}
