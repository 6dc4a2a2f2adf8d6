package dev.postern.guard;

import java.net.InetAddress;

/// Watches clients across their sessions. Touched by all of them.
public interface Guard {
    /// A client did what it must not.
    void offended(InetAddress client, Offence offence);

    /// Remembers nothing.
    static Guard none() {
        return (client, offence) -> {};
    }
}
