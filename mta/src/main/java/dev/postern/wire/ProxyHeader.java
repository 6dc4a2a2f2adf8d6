package dev.postern.wire;

/// What a balancer says before the first octet of its client: whose connection it passes on.
///
/// @spec https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt PROXY protocol, versions 1 and 2
public sealed interface ProxyHeader {
    /// The most octets that a header may have; one that asks for more is refused.
    int MAX_OCTETS = 4096;

    /// The balancer passes on a connection.
    ///
    /// @param source where the client is
    /// @param destination what the client has connected to
    record Passed(Endpoint.Inet source, Endpoint.Inet destination) implements ProxyHeader {}

    /// The balancer speaks for itself (LOCAL), or cannot tell for whom (UNKNOWN, AF_UNSPEC): the connection keeps
    /// its own ends.
    record Own() implements ProxyHeader {}

    /// What the octets that have come so far amount to.
    sealed interface Reading {}

    /// A header that ends where the octets end.
    record Whole(ProxyHeader header) implements Reading {}

    /// The beginning of a header.
    ///
    /// @param octets that belong to it for sure and have not come, 1 or more: whoever reads no more than these does
    ///     not read what stands behind the header
    record Unfinished(int octets) implements Reading {}

    /// No header.
    ///
    /// @param why a phrase for the operator, without anything of what came
    record Refused(String why) implements Reading {}
}
