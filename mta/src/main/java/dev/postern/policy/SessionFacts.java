package dev.postern.policy;

import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.net.InetAddress;
import java.util.Optional;

/// What is known of a session now; grows with it, and shrinks at STARTTLS.
///
/// @param session the session's id
/// @param role what the listener is for
/// @param local our end
/// @param peer the client's end
/// @param greeting how the client has introduced itself, empty before it has
/// @param user the authenticated user's canonical name
/// @param tls what the TLS handshake agreed on, empty in the clear
public record SessionFacts(
        QueueId session,
        ListenerRole role,
        Endpoint local,
        Endpoint peer,
        Optional<Greeting> greeting,
        Optional<String> user,
        Optional<TlsState> tls) {

    /// The user that whoever may open the Unix socket of a local listener is; no account has such a name, since it is
    /// no address.
    public static final String LOCAL_USER = "local";

    /// How a client introduced itself.
    ///
    /// @param name the name that it gave: 1 to 255 octets of printable ASCII, unproven
    /// @param extended whether by EHLO or LHLO, so that it knows extensions
    public record Greeting(String name, boolean extended) {}

    /// What is known when a client has just connected.
    public static SessionFacts of(QueueId session, ListenerRole role, Endpoint here, Endpoint peer) {
        boolean atHome = role == ListenerRole.LOCAL && peer instanceof Endpoint.Unix;
        Optional<String> user = atHome ? Optional.of(LOCAL_USER) : Optional.empty();
        return new SessionFacts(session, role, here, peer, Optional.empty(), user, Optional.empty());
    }

    /// The same session, introduced.
    public SessionFacts withGreeting(Greeting other) {
        return new SessionFacts(session, role, local, peer, Optional.of(other), user, tls);
    }

    /// The same session, authenticated.
    public SessionFacts withUser(String name) {
        return new SessionFacts(session, role, local, peer, greeting, Optional.of(name), tls);
    }

    /// The same connection after its TLS handshake: everything learnt in the clear is forgotten (RFC 3207 §4.2).
    public SessionFacts secured(TlsState state) {
        return new SessionFacts(session, role, local, peer, Optional.empty(), Optional.empty(), Optional.of(state));
    }

    /// The same connection, spoken for by another server: the client has just connected, and has said nothing.
    ///
    /// @param here what the client has connected to
    /// @param client where it is
    /// @param loggedIn the user that the other server has proven it to be, if its word is enough
    public SessionFacts spokenFor(Endpoint here, Endpoint client, Optional<String> loggedIn) {
        return new SessionFacts(session, role, here, client, Optional.empty(), loggedIn, tls);
    }

    /// The name that the client gave.
    public Optional<String> helo() {
        return greeting.map(Greeting::name);
    }

    /// The client's address; empty for a peer that has none, such as one on a Unix socket.
    public Optional<InetAddress> address() {
        return switch (peer) {
            case Endpoint.Inet inet -> Optional.of(inet.address());
            case Endpoint.Unix unix -> Optional.empty();
            case Endpoint.Memory memory -> Optional.empty();
        };
    }
}
