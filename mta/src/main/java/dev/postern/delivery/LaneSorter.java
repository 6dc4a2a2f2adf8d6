package dev.postern.delivery;

import dev.postern.queue.Sorter;
import dev.postern.route.Router;
import dev.postern.route.Sites;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.ReversePath;

/// Lanes as the router names them, and as is remembered of mail domains that share their exchangers.
///
/// @param router decides how a recipient is reached
/// @param sites knows which domains share a lane
public record LaneSorter(Router router, Sites sites) implements Sorter {
    /// Where recipients wait for whom the router threw: the attempt will meet the same mistake,
    /// tell of it, and defer them.
    static final String UNROUTED = "unrouted";

    @Override
    public String lane(ForwardPath recipient, ReversePath sender) {
        try {
            return sites.lane(router.route(recipient, sender));
        } catch (RuntimeException e) {
            return UNROUTED; // told of by the attempt, which routes again
        }
    }
}
