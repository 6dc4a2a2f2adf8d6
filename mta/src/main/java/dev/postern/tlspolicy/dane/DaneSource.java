package dev.postern.tlspolicy.dane;

import dev.postern.dns.DomainName;

/// Tells what DNS says of DANE for a host; used by any number of threads, blocks for a bounded time.
@FunctionalInterface
public interface DaneSource {
    /// What there is for a host whose name is known to be right: DNSSEC vouches for it being an exchanger, or it was
    /// named in the configuration.
    ///
    /// @param port 1 to 65535
    DaneFinding of(DomainName host, int port);

    /// No DANE at all: there is no resolver whose word on DNSSEC can be taken.
    static DaneSource none() {
        return (host, port) -> new DaneFinding.NotPublished("DNSSEC is not validated here");
    }
}
