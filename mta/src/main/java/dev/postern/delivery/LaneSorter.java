package dev.postern.delivery;

import dev.postern.queue.Sorter;
import dev.postern.route.Route;
import dev.postern.route.Router;
import dev.postern.route.Sites;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Lanes as the router names them, and as is remembered of mail domains that share their exchangers.
///
/// @param router decides how a recipient is reached
/// @param sites knows which domains share a lane
public record LaneSorter(Router router, Sites sites) implements Sorter {
    /// Where recipients wait for whom the router threw: the attempt will meet the same mistake,
    /// tell of it, and defer them.
    static final String UNROUTED = "unrouted";

    /// A local part that no alias has.
    private static final LocalPart ANYBODY = new LocalPart("anybody.of.this.host");

    @Override
    public List<String> lanes(SpooledMessage message) {
        List<String> usual = Sorter.super.lanes(message);
        if (message.orders().via().isEmpty()) {
            return usual;
        }
        List<String> lanes = new ArrayList<>(usual);
        for (int i = 0; i < lanes.size(); i++) {
            RecipientState recipient = message.recipients().get(i);
            if (recipient.isPending()) {
                lanes.set(i, moved(recipient.recipient().path(), message, usual.get(i)));
            }
        }
        return lanes;
    }

    private String moved(ForwardPath recipient, SpooledMessage message, String usual) {
        try {
            Route route = router.route(recipient, message.reversePath());
            Route detour = Detour.of(route, message);
            return detour.equals(route) ? usual : detour.lane();
        } catch (RuntimeException e) {
            return UNROUTED; // told of by the attempt, as below
        }
    }

    @Override
    public String lane(ForwardPath recipient, ReversePath sender) {
        try {
            return sites.lane(router.route(recipient, sender));
        } catch (RuntimeException e) {
            return UNROUTED; // told of by the attempt, which routes again
        }
    }

    /// Where nobody at the host would get an inbox or a refusal of ours, its addresses are not looked at.
    @Override
    public Optional<String> laneOf(Host recipient, Optional<Host> sender) {
        ReversePath from =
                sender.<ReversePath>map(host -> new Mailbox(ANYBODY, host)).orElseGet(NullPath::new);
        Mailbox anybody = new Mailbox(ANYBODY, recipient);
        try {
            return switch (router.route(anybody, from)) {
                case Route.Mx _, Route.Smarthost _ -> Optional.of(lane(anybody, from));
                case Route.Local _, Route.Refused _ -> Optional.empty();
            };
        } catch (RuntimeException e) {
            return Optional.empty(); // as above
        }
    }
}
