package dev.postern.smtpserver;

import dev.postern.event.Events;
import dev.postern.guard.Guard;
import dev.postern.intake.Intake;
import dev.postern.policy.Policies;
import java.time.InstantSource;

/// Whom a session works with; shared by all of them.
///
/// @param policies what is accepted
/// @param intake the door into the spool
/// @param logins how users log in
/// @param tls what TLS there is
/// @param guard watches clients across their sessions
/// @param manners what is asked of clients before and while they speak
/// @param queueStarter has waiting mail tried again
/// @param events told of what happens
/// @param decisions keeps the reasons of refusals
/// @param clock tells when a decision was taken
public record SessionServices(
        Policies policies,
        Intake intake,
        Logins logins,
        TlsOffer tls,
        Guard guard,
        Manners manners,
        QueueStarter queueStarter,
        Events events,
        DecisionKeeper decisions,
        InstantSource clock) {}
