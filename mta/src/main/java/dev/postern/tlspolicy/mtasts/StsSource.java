package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;

/// Tells the MTA-STS policies of mail domains; used by any number of threads, blocks for a bounded time.
@FunctionalInterface
public interface StsSource {
    /// What is known of a domain's policy now.
    StsFinding of(DomainName domain);

    /// Nobody has a policy.
    static StsSource none() {
        return domain -> new StsFinding.NoPolicy("MTA-STS is not looked for");
    }
}
