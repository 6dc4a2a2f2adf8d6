package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The last failures to fetch policies, of so many domains at most; not for several threads.
final class FailedFetches {
    private static final float LOAD = 0.75F;

    private final Map<DomainName, FailedFetch> failures;

    /// @param most domains; beyond that the one goes that was looked at the longest ago
    FailedFetches(int most) {
        failures = new LinkedHashMap<>(16, LOAD, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<DomainName, FailedFetch> eldest) {
                return size() > most;
            }
        };
    }

    /// Takes note of one.
    void add(DomainName domain, StsRecord wanted, PolicyHost.Fetched.Failure failure, Instant now) {
        FailedFetch former = failures.get(domain);
        failures.put(
                domain, former == null ? FailedFetch.first(wanted, failure, now) : former.again(wanted, failure, now));
    }

    /// All is well again.
    void remove(DomainName domain) {
        failures.remove(domain);
    }

    /// The last one of a domain.
    Optional<FailedFetch> last(DomainName domain) {
        return Optional.ofNullable(failures.get(domain));
    }

    /// The last one of a domain, if it forbids to fetch a policy now.
    Optional<FailedFetch> forbidding(DomainName domain, StsRecord wanted, Instant now) {
        return last(domain).filter(failed -> failed.forbids(wanted, now));
    }
}
