package dev.postern.smtp;

import dev.postern.dns.DomainName;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

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
    ///
    /// @param address without name and zone; an IPv4 address that was mapped into IPv6 is the IPv4
    ///     address
    record AddressLiteral(InetAddress address) implements Host {
        public AddressLiteral {
            try {
                address = InetAddress.getByAddress(address.getAddress());
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("an address of a length that none has", e);
            }
        }

        @Override
        public String toString() {
            return (address instanceof Inet6Address ? "[IPv6:" : "[") + address.getHostAddress() + "]";
        }
    }
}
