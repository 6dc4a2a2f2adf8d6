package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.util.Optional;

/// Who but the right server can read what is sent in a session.
enum Secrecy {
    /// Whoever is on the way.
    NONE,
    /// Whoever pretends to be the server: the session is encrypted, or does not leave this machine.
    FROM_LISTENERS,
    /// Nobody.
    FROM_ALL;

    /// That of a session over a connection, opened by a plan.
    static Secrecy of(Connection connection, SessionPlan plan) {
        Optional<TlsState> tls = connection.tls();
        if (tls.isPresent()) {
            return plan.proof().isTelling() && tls.get().peer().isProven() ? FROM_ALL : FROM_LISTENERS;
        }
        return switch (connection.peer()) {
            case Endpoint.Inet inet -> inet.address().isLoopbackAddress() ? FROM_LISTENERS : NONE;
            case Endpoint.Unix _, Endpoint.Memory _ -> FROM_LISTENERS;
        };
    }
}
