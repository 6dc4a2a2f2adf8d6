package dev.postern.guard;

import java.util.Locale;

/// What a client does that no mail server with mail to bring does.
public enum Offence {
    /// It spoke before the greeting (RFC 5321 §3.1).
    EARLY_TALK,
    /// It sent commands in one go before it could know that it may (RFC 2920 §3.1).
    EARLY_PIPELINING,
    /// It speaks another protocol, such as HTTP.
    OTHER_PROTOCOL,
    /// It sent something in the clear behind STARTTLS (RFC 3207 §5).
    INJECTION,
    /// Its session ended for too many faults.
    FAULTS,
    /// Its session ended for too many commands that bring no mail nearer.
    IDLE_COMMANDS,
    /// Its session ended for too many recipients that do not exist.
    UNKNOWN_RECIPIENTS,
    /// Its session ended for too many failed logins.
    FAILED_LOGINS,
    /// Its session ended since it was too slow.
    SLOW;

    /// The name in configuration and log.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
