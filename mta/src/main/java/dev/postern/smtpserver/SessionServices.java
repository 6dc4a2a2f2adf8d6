package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.intake.Intake;
import dev.postern.policy.Policies;
import dev.postern.sasl.SaslMechanism;
import java.time.InstantSource;
import java.util.List;

/// Whom a session works with; shared by all of them.
///
/// @param policies what is accepted
/// @param intake the door into the spool
/// @param mechanisms ways to log in, in the order of their announcement
/// @param tls what TLS there is
/// @param events told of what happens
/// @param decisions keeps the reasons of refusals
/// @param clock tells when a decision was taken
public record SessionServices(
        Policies policies,
        Intake intake,
        List<SaslMechanism> mechanisms,
        TlsOffer tls,
        Events events,
        DecisionKeeper decisions,
        InstantSource clock) {
    public SessionServices {
        mechanisms = List.copyOf(mechanisms);
    }
}
