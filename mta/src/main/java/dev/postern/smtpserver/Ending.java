package dev.postern.smtpserver;

import dev.postern.guard.Offence;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Why a session ended.
public enum Ending {
    /// The client said QUIT.
    QUIT("quit"),
    /// The client closed the connection without QUIT.
    CLOSED("closed"),
    /// The connection broke.
    LOST("lost"),
    /// The client was too slow.
    TIMEOUT("timeout", Offence.SLOW),
    /// Policy did not want this client.
    REFUSED("refused"),
    /// The client spoke before the greeting.
    EARLY_TALK("early-talk", Offence.EARLY_TALK),
    /// The client sent commands in one go that may not be.
    EARLY_PIPELINING("early-pipelining", Offence.EARLY_PIPELINING),
    /// The client speaks another protocol.
    OTHER_PROTOCOL("other-protocol", Offence.OTHER_PROTOCOL),
    /// The client made too many mistakes.
    FAULTS("faults", Offence.FAULTS),
    /// The client said too much that brings no mail nearer.
    IDLE("idle", Offence.IDLE_COMMANDS),
    /// The client began more transactions than one session may have.
    SPENT("spent"),
    /// The client asked for too many recipients that do not exist.
    UNKNOWN("unknown-recipients", Offence.UNKNOWN_RECIPIENTS),
    /// The client failed to log in too often.
    LOGINS("logins", Offence.FAILED_LOGINS),
    /// The TLS handshake failed, or there is no TLS to offer where it is due.
    TLS("tls"),
    /// Commands were sent in the clear behind STARTTLS.
    INJECTION("injection", Offence.INJECTION),
    /// The client was silent while others wanted its room.
    SHED("shed"),
    /// This server is stopping.
    DRAINED("drained"),
    /// This server made a mistake.
    BROKEN("broken");

    private final String label;
    private final @Nullable Offence offence;

    Ending(String label) {
        this(label, null);
    }

    Ending(String label, @Nullable Offence offence) {
        this.label = label;
        this.offence = offence;
    }

    /// What the client has done that it must not, where the session ended for that.
    Optional<Offence> offence() {
        return Optional.ofNullable(offence);
    }

    /// The word in the log.
    public String label() {
        return label;
    }
}
