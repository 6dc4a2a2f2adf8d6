package dev.postern.smtp;

import dev.postern.dns.DomainName;
import java.net.Inet6Address;
import java.net.InetAddress;

/// What stands after the `@` of an address: a domain or an address literal (RFC 5321 §4.1.2).
public sealed interface Host {
    /// A domain.
    record Domain(DomainName name) implements Host {
        @Override
        public String toString() {
            return name.text();
        }
    }

    /// An address literal, IPv4 or IPv6 (RFC 5321 §4.1.3); no other kind is registered.
    record AddressLiteral(InetAddress address) implements Host {
        @Override
        public String toString() {
            return (address instanceof Inet6Address ? "[IPv6:" : "[") + address.getHostAddress() + "]";
        }
    }
}
