package dev.postern.delivery;

import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.Via;
import java.util.Optional;

/// The way of a message that an operator has moved to another next hop.
final class Detour {
    private Detour() {}

    /// How a recipient is reached: through the host that an operator has named, where the usual way leads to another
    /// server at all. What goes into inboxes, or nowhere, stays as it is.
    static Route of(Route usual, SpooledMessage message) {
        Optional<Via> via = message.orders().via();
        if (via.isEmpty()) {
            return usual;
        }
        return switch (usual) {
            case Route.Mx _, Route.Smarthost _ -> new Route.Smarthost(settings(via.get()));
            case Route.Local _, Route.Refused _ -> usual;
        };
    }

    private static SmarthostSettings settings(Via via) {
        return new SmarthostSettings(
                "via " + via,
                via.host(),
                via.port(),
                via.proven() ? SmarthostSettings.Tls.STARTTLS : SmarthostSettings.Tls.OPPORTUNISTIC,
                Optional.empty());
    }
}
