package dev.postern.tlspolicy.hops;

import dev.postern.dns.DomainName;
import java.net.InetAddress;
import java.util.Optional;

/// Whom a message is carried to.
public sealed interface Target {
    /// The port of its hosts, 1 to 65535.
    int port();

    /// The mail exchangers of a domain.
    record MailDomain(DomainName domain, int port) implements Target {}

    /// An address that the recipient's own address names.
    record Literal(InetAddress address, int port) implements Target {}

    /// A host that the configuration names: a smarthost, or an inside host.
    ///
    /// @param host its name or address
    /// @param proven whether it must prove who it is, whatever else holds
    record GivenHost(String host, int port, boolean proven) implements Target {}

    /// The name under which the configuration may demand something of it.
    default Optional<DomainName> destination() {
        return switch (this) {
            case MailDomain(DomainName domain, int _) -> Optional.of(domain);
            case Literal _ -> Optional.empty();
            case GivenHost(String host, int _, boolean _) -> DomainName.parse(host);
        };
    }
}
