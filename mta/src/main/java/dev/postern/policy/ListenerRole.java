package dev.postern.policy;

/// What a listener is for.
public enum ListenerRole {
    /// Mail from other servers: port 25.
    MX("mx"),
    /// Mail from our users, STARTTLS first: port 587 (RFC 6409).
    SUBMISSION("submission"),
    /// Mail from our users, TLS from the first octet: port 465 (RFC 8314 §3.3).
    SUBMISSIONS("submissions"),
    /// Mail from a server beside us, answered recipient by recipient (RFC 2033).
    LMTP("lmtp"),
    /// Mail from programs of this machine over a Unix socket, whose file permissions say who may.
    LOCAL("local");

    private final String label;

    ListenerRole(String label) {
        this.label = label;
    }

    /// The word in the configuration, the log and the origin of a message.
    public String label() {
        return label;
    }

    /// Whether it takes mail from our users only: AUTH before MAIL, TLS before AUTH (RFC 6409 §4.3, RFC 8314 §3).
    public boolean isSubmission() {
        return this == SUBMISSION || this == SUBMISSIONS;
    }

    /// Whether TLS begins with the first octet.
    public boolean isImplicitTls() {
        return this == SUBMISSIONS;
    }
}
