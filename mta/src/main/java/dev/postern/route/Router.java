package dev.postern.route;

import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.ReversePath;

/// Decides how a recipient is reached; quick, from memory: DNS is asked by the transport.
@FunctionalInterface
public interface Router {
    /// The route to a recipient, for mail of a sender.
    Route route(ForwardPath recipient, ReversePath sender);
}
