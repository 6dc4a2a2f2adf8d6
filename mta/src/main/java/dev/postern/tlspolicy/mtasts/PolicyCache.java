package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DomainName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The policies that are kept, those that were asked for last at the end; not for several threads.
final class PolicyCache {
    private static final int OCTETS_FOR_A_DOMAIN = 1 << 10;

    private final int mostDomains;
    private final long mostOctets;
    private final LinkedHashMap<DomainName, KeptPolicy> kept = new LinkedHashMap<>();
    private long octets;
    private long version;

    /// @param mostDomains how many there are at most; large ones count as several
    PolicyCache(int mostDomains) {
        this.mostDomains = mostDomains;
        this.mostOctets = (long) mostDomains * OCTETS_FOR_A_DOMAIN;
    }

    Optional<KeptPolicy> get(DomainName domain) {
        return Optional.ofNullable(kept.get(domain));
    }

    /// Keeps a policy in the place of the domain's earlier one; others go for it if there is no room.
    void put(KeptPolicy policy) {
        KeptPolicy former = kept.put(policy.domain(), policy);
        if (policy.equals(former)) {
            return;
        }
        octets += policy.weight() - (former == null ? 0 : former.weight());
        version++;
        while (kept.size() > mostDomains || (octets > mostOctets && kept.size() > 1)) {
            octets -= kept.pollFirstEntry().getValue().weight();
        }
    }

    /// Notes that mail wants the policy of a domain.
    void asked(DomainName domain, Instant now) {
        KeptPolicy policy = kept.get(domain);
        if (policy != null) {
            kept.putLast(domain, policy);
            put(policy.askedAt(now));
        }
    }

    void remove(DomainName domain) {
        KeptPolicy gone = kept.remove(domain);
        if (gone != null) {
            octets -= gone.weight();
            version++;
        }
    }

    /// All of them, in their order.
    List<KeptPolicy> all() {
        return List.copyOf(kept.values());
    }

    /// Another number whenever something else is kept.
    long version() {
        return version;
    }
}
