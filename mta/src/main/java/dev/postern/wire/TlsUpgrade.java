package dev.postern.wire;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/// Lays TLS over a connected TCP socket: certificate or trust, names, protocols and ciphers are
/// already decided.
@FunctionalInterface
public interface TlsUpgrade {
    /// The TLS socket over a plain one, set up as client or server, its handshake not yet begun;
    /// closing it closes the plain one.
    SSLSocket layer(Socket plain) throws IOException;

    /// What ties an authentication to the connection of a socket of this upgrade whose handshake is done.
    default ChannelBindings bindings(SSLSocket secured) {
        return ChannelBindings.none();
    }

    /// What the certificate proves that the other side has shown to a socket of this upgrade, whose handshake is
    /// done; also where an earlier session was resumed, and no certificate was sent again.
    default PeerCheck check(SSLSocket secured) {
        return new PeerCheck.NotLooked();
    }

    /// The group of the key exchange of a socket of this upgrade whose handshake is done; empty where nobody tells.
    default Optional<String> group(SSLSocket secured) {
        return Optional.empty();
    }
}
