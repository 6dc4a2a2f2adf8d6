package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import dev.postern.wire.Endpoint;
import java.util.Optional;

/// A session's place in the census, which follows the client when another server says whom it speaks for. Used by one
/// thread at a time.
final class Seat {
    /// A server whose sessions are those of many clients: it is counted in all, and nowhere else.
    private static final Endpoint MANY = new Endpoint.Memory("a server that speaks for others");

    private final SessionCensus census;
    private Optional<Endpoint> counted = Optional.empty();

    Seat(SessionCensus census) {
        this.census = census;
    }

    /// Counts a client in.
    ///
    /// @param forOthers whether it will say whom it speaks for
    /// @return nothing if there is room; else the reply to turn it away with
    Optional<Reply> take(Endpoint peer, boolean forOthers) {
        return enter(forOthers ? MANY : peer);
    }

    /// Counts it as another client from now on.
    ///
    /// @return nothing if there is room for that one; else the reply to turn it away with, and it is not counted
    Optional<Reply> move(Endpoint client) {
        leave();
        return enter(client);
    }

    private Optional<Reply> enter(Endpoint peer) {
        Optional<Reply> full = census.enter(peer);
        counted = full.isEmpty() ? Optional.of(peer) : Optional.empty();
        return full;
    }

    /// Counts it out.
    void leave() {
        counted.ifPresent(census::leave);
        counted = Optional.empty();
    }
}
