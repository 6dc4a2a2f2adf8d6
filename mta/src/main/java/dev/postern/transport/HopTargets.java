package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Host;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.Target;

/// Routes to other servers as the policy for their hosts sees them.
public final class HopTargets {
    private HopTargets() {}

    /// Whom mail on this route is carried to.
    ///
    /// @throws IllegalArgumentException if it does not lead to another server
    public static Target of(Route route) {
        return switch (route) {
            case Route.Mx mx ->
                switch (mx.host()) {
                    case Host.Domain domain -> new Target.MailDomain(domain.name(), mx.port());
                    case Host.AddressLiteral literal -> new Target.Literal(literal.address(), mx.port());
                };
            case Route.Smarthost(SmarthostSettings given) ->
                new Target.GivenHost(HopHost.of(given.host(), false).text(), given.port(), given.mustBeProven());
            case Route.Local _, Route.Refused _ -> throw bySomethingElse(route);
        };
    }

    static IllegalArgumentException bySomethingElse(Route route) {
        return new IllegalArgumentException("not by SMTP: " + route.lane());
    }
}
