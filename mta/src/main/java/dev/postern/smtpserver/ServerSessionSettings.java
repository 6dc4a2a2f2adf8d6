package dev.postern.smtpserver;

import dev.postern.dns.DomainName;
import dev.postern.policy.ListenerRole;

/// What a session needs to know of its listener.
///
/// @param role what the listener is for
/// @param hostname the name of this server in the greeting and in EHLO
/// @param limits how much a session may ask for
/// @param timeouts how long it waits
/// @param login whether AUTH is offered; always on the submission roles, never on LMTP
/// @param handling what it grants of the wishes of senders
/// @param repairLineEnds whether bare CR and bare LF of authenticated clients are made CRLF instead of refused
/// @param front what some clients may do that others may not
public record ServerSessionSettings(
        ListenerRole role,
        DomainName hostname,
        SessionLimits limits,
        SessionTimeouts timeouts,
        Login login,
        HandlingTerms handling,
        boolean repairLineEnds,
        Front front) {
    /// Whether clients may log in.
    public enum Login {
        /// AUTH is unknown here.
        NEVER,
        /// AUTH is offered as soon as the connection is encrypted, and never before (RFC 4954 §4).
        UNDER_TLS
    }

    /// @throws IllegalArgumentException if AUTH is off where mail is submitted, or on where nobody logs in, or
    ///     mail is held back where none is submitted
    public ServerSessionSettings {
        if (role.isSubmission() && login == Login.NEVER) {
            throw new IllegalArgumentException("submission needs AUTH (RFC 6409 section 4.3)");
        }
        if (role == ListenerRole.LMTP && login != Login.NEVER) {
            throw new IllegalArgumentException("nobody logs in over LMTP");
        }
        if (!role.isSubmission() && handling.longestHold().isPositive()) {
            throw new IllegalArgumentException("mail is held back for those who submit it (RFC 4865 section 4.2)");
        }
    }

    /// The usual settings of a role: AUTH on the submission roles only, no repair.
    public static ServerSessionSettings of(ListenerRole role, DomainName hostname) {
        return new ServerSessionSettings(
                role,
                hostname,
                SessionLimits.byDefault(),
                SessionTimeouts.byDefault(),
                role.isSubmission() ? Login.UNDER_TLS : Login.NEVER,
                HandlingTerms.of(role),
                false,
                Front.none());
    }

    /// The same with other limits.
    public ServerSessionSettings withLimits(SessionLimits other) {
        return new ServerSessionSettings(role, hostname, other, timeouts, login, handling, repairLineEnds, front);
    }

    /// The same with other time-outs.
    public ServerSessionSettings withTimeouts(SessionTimeouts other) {
        return new ServerSessionSettings(role, hostname, limits, other, login, handling, repairLineEnds, front);
    }

    /// The same with AUTH offered or not.
    public ServerSessionSettings withLogin(Login offered) {
        return new ServerSessionSettings(role, hostname, limits, timeouts, offered, handling, repairLineEnds, front);
    }

    /// The same with other terms for the wishes of senders.
    public ServerSessionSettings withHandling(HandlingTerms other) {
        return new ServerSessionSettings(role, hostname, limits, timeouts, login, other, repairLineEnds, front);
    }

    /// The same with line ends of authenticated clients repaired or not.
    public ServerSessionSettings withRepair(boolean repaired) {
        return new ServerSessionSettings(role, hostname, limits, timeouts, login, handling, repaired, front);
    }

    /// The same with other clients that may do more.
    public ServerSessionSettings withFront(Front other) {
        return new ServerSessionSettings(role, hostname, limits, timeouts, login, handling, repairLineEnds, other);
    }
}
