package dev.postern.mailauth.spf;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Optional;

/// A way to tell whether a client is meant.
///
/// Where a target is absent, the domain that is checked is meant.
///
/// @rfc 7208 §5
public sealed interface Mechanism {
    /// Whether it asks DNS.
    boolean looksUp();

    /// Everybody (RFC 7208 §5.1).
    record All() implements Mechanism {
        @Override
        public boolean looksUp() {
            return false;
        }
    }

    /// Those that the record of another domain passes (RFC 7208 §5.2).
    record Include(DomainSpec target) implements Mechanism {
        @Override
        public boolean looksUp() {
            return true;
        }
    }

    /// Those with an address of a host, or near to one (RFC 7208 §5.3).
    record A(Optional<DomainSpec> target, DualCidr cidr) implements Mechanism {
        @Override
        public boolean looksUp() {
            return true;
        }
    }

    /// Those with an address of a domain's mail exchanger, or near to one (RFC 7208 §5.4).
    record Mx(Optional<DomainSpec> target, DualCidr cidr) implements Mechanism {
        @Override
        public boolean looksUp() {
            return true;
        }
    }

    /// Those whose own name lies within a domain; nobody should use it (RFC 7208 §5.5).
    record Ptr(Optional<DomainSpec> target) implements Mechanism {
        @Override
        public boolean looksUp() {
            return true;
        }
    }

    /// Those in an IPv4 network (RFC 7208 §5.6).
    ///
    /// @param bits 0 to 32
    record Ip4(Inet4Address network, int bits) implements Mechanism {
        public Ip4 {
            if (bits < 0 || bits > DualCidr.IP4_BITS) {
                throw new IllegalArgumentException("/" + bits);
            }
        }

        @Override
        public boolean looksUp() {
            return false;
        }
    }

    /// Those in an IPv6 network (RFC 7208 §5.6).
    ///
    /// @param bits 0 to 128
    record Ip6(Inet6Address network, int bits) implements Mechanism {
        public Ip6 {
            if (bits < 0 || bits > DualCidr.IP6_BITS) {
                throw new IllegalArgumentException("/" + bits);
            }
        }

        @Override
        public boolean looksUp() {
            return false;
        }
    }

    /// Everybody, where a name has an IPv4 address (RFC 7208 §5.7).
    record Exists(DomainSpec target) implements Mechanism {
        @Override
        public boolean looksUp() {
            return true;
        }
    }
}
