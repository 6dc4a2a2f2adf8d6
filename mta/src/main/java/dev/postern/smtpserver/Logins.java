package dev.postern.smtpserver;

import dev.postern.accounts.LoginThrottle;
import dev.postern.sasl.SaslMechanism;
import dev.postern.wire.ChannelBindings;
import java.util.List;

/// How users log in; shared by all sessions.
///
/// @param mechanisms in the order of their announcement, the one to prefer first
/// @param throttle counts failures
public record Logins(List<SaslMechanism> mechanisms, LoginThrottle throttle) {
    public Logins {
        mechanisms = List.copyOf(mechanisms);
    }

    /// The mechanisms that can be used on a connection with these bindings.
    List<SaslMechanism> offered(ChannelBindings bindings) {
        return mechanisms.stream()
                .filter(mechanism -> mechanism.isOffered(bindings))
                .toList();
    }
}
