package dev.postern.delivery;

import dev.postern.route.Route;
import dev.postern.transport.Transport;

/// Tells which transport takes a route; quick, from memory.
@FunctionalInterface
public interface TransportChoice {
    /// The transport; the same object for routes that may share a connection. Never asked for
    /// {@link Route.Refused}.
    Transport transport(Route route);
}
