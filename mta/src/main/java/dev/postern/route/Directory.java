package dev.postern.route;

import dev.postern.smtp.ForwardPath;

/// Tells what a forward-path means to this server; quick, from memory, asks nobody.
@FunctionalInterface
public interface Directory {
    /// What a forward-path means.
    Destination destination(ForwardPath path);

    /// Whether mail for a forward-path leaves for a host that is not this one; an alias stays, whatever its targets.
    default boolean leaves(ForwardPath path) {
        Destination destination = destination(path);
        return destination instanceof Destination.Remote || destination instanceof Destination.Relayed;
    }
}
