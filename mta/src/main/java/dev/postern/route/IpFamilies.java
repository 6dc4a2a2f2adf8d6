package dev.postern.route;

/// Which versions of the Internet Protocol are used to reach other hosts.
public enum IpFamilies {
    /// Both, taking turns, IPv6 first.
    BOTH,
    /// IPv4 alone.
    IPV4,
    /// IPv6 alone.
    IPV6
}
