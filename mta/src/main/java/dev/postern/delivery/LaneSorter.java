package dev.postern.delivery;

import dev.postern.queue.Sorter;
import dev.postern.route.Router;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.ReversePath;

/// Lanes as the router names them.
///
/// @param router decides how a recipient is reached
public record LaneSorter(Router router) implements Sorter {
    /// Where recipients wait for whom the router threw: the attempt will meet the same mistake,
    /// tell of it, and defer them.
    static final String UNROUTED = "unrouted";

    @Override
    public String lane(ForwardPath recipient, ReversePath sender) {
        try {
            return router.route(recipient, sender).lane();
        } catch (RuntimeException e) {
            return UNROUTED; // told of by the attempt, which routes again
        }
    }
}
