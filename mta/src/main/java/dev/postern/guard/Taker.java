package dev.postern.guard;

import java.net.InetAddress;

/// Who asks for something.
public sealed interface Taker {
    /// Whoever speaks from an address.
    record Client(InetAddress address) implements Taker {}

    /// A user who has logged in.
    record User(String name) implements Taker {}
}
