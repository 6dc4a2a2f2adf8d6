package dev.postern.route;

import dev.postern.smtp.ForwardPath;

/// Tells what a forward-path means to this server; quick, from memory, asks nobody.
@FunctionalInterface
public interface Directory {
    /// What a forward-path means.
    Destination destination(ForwardPath path);
}
