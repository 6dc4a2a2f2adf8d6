package dev.postern.smtpserver;

/// Why a session ended.
public enum Ending {
    /// The client said QUIT.
    QUIT("quit"),
    /// The client closed the connection without QUIT.
    CLOSED("closed"),
    /// The connection broke.
    LOST("lost"),
    /// The client was too slow.
    TIMEOUT("timeout"),
    /// Policy did not want this client.
    REFUSED("refused"),
    /// The client made too many mistakes.
    FAULTS("faults"),
    /// The client said too much that brings no mail nearer.
    IDLE("idle"),
    /// The client asked for too many recipients that do not exist.
    UNKNOWN("unknown-recipients"),
    /// The client failed to log in too often.
    LOGINS("logins"),
    /// The TLS handshake failed, or there is no TLS to offer where it is due.
    TLS("tls"),
    /// Commands were sent in the clear behind STARTTLS.
    INJECTION("injection"),
    /// This server is stopping.
    DRAINED("drained"),
    /// This server made a mistake.
    BROKEN("broken");

    private final String label;

    Ending(String label) {
        this.label = label;
    }

    /// The word in the log.
    public String label() {
        return label;
    }
}
