package dev.postern.tlspolicy.hops;

import dev.postern.dns.DomainName;
import java.util.Optional;

/// What the configuration demands of each destination; used by any number of threads.
@FunctionalInterface
public interface DestinationPolicies {
    /// What is demanded of the hosts of a mail domain, or of a given host; empty for nothing in particular.
    Optional<DestinationPolicy> of(DomainName destination);

    /// Nothing is.
    static DestinationPolicies none() {
        return destination -> Optional.empty();
    }
}
