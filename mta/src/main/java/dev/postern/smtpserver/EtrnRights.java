package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.policy.NetworkSet;
import dev.postern.route.DomainPattern;
import java.net.InetAddress;
import java.util.List;

/// Which hosts may ask for the mail that waits for which domains (RFC 1985 §4).
///
/// @param rights an entry for each pattern of domains
public record EtrnRights(List<Right> rights) {
    public EtrnRights {
        rights = List.copyOf(rights);
    }

    /// What one pattern's hosts may ask for.
    ///
    /// @param domains the domain, or those below one
    /// @param hosts where they are
    public record Right(DomainPattern domains, NetworkSet hosts) {}

    /// Nobody may.
    public static EtrnRights none() {
        return new EtrnRights(List.of());
    }

    /// Whether a host may ask for the mail of a domain.
    boolean permits(InetAddress host, DomainName node) {
        return rights.stream()
                .anyMatch(right -> right.domains().covers(node) && right.hosts().contains(host));
    }

    /// Whether a host may ask for anything.
    boolean knows(InetAddress host) {
        return rights.stream().anyMatch(right -> right.hosts().contains(host));
    }
}
