package dev.postern.guard;

import java.net.InetAddress;
import java.time.Duration;

/// Watches clients across their sessions. Touched by all of them.
public interface Guard {
    /// A client did what it must not.
    void offended(InetAddress client, Offence offence);

    /// How long each reply to a client is held back for what it did before; zero for most.
    default Duration tarpit(InetAddress client) {
        return Duration.ZERO;
    }

    /// Remembers nothing.
    static Guard none() {
        return (client, offence) -> {};
    }
}
