package dev.postern.smtpserver;

import dev.postern.policy.NetworkSet;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;

/// Servers that speak for clients of theirs.
///
/// @param balancers who passes connections on
/// @param xclient whose XCLIENT is taken
/// @param xforward whose XFORWARD is taken
/// @param users whom a LOGIN of XCLIENT makes of a client
public record Intermediaries(Balancers balancers, NetworkSet xclient, NetworkSet xforward, ClaimedUsers users) {
    /// Whether the sessions from an address are those of many clients.
    boolean speaksForMany(Endpoint peer) {
        return peer instanceof Endpoint.Inet(InetAddress address, int _) && xclient.contains(address);
    }

    /// Everybody speaks for itself.
    public static Intermediaries none() {
        return new Intermediaries(
                Balancers.at(NetworkSet.none()), NetworkSet.none(), NetworkSet.none(), ClaimedUsers.none());
    }
}
