package dev.postern.tlspolicy.hops;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import java.net.InetAddress;
import java.util.Optional;

/// One host that may be tried.
///
/// @param text its name, or its address: what a certificate is checked against
/// @param name its name; empty where it is known by its address only
/// @param authentic whether DNSSEC vouches for it being an exchanger of the mail domain
public record HopHost(String text, Optional<DomainName> name, boolean authentic) {
    /// A host as it was found, or given.
    public static HopHost of(Host host, boolean authentic) {
        return switch (host) {
            case Host.Domain(DomainName name) -> named(name, authentic);
            case Host.AddressLiteral literal -> at(literal.address());
        };
    }

    /// A host with a name.
    public static HopHost named(DomainName name, boolean authentic) {
        return new HopHost(name.text(), Optional.of(name), authentic);
    }

    /// A host without a name.
    public static HopHost at(InetAddress address) {
        return new HopHost(address.getHostAddress(), Optional.empty(), false);
    }
}
