package dev.postern.smtpclient;

/// How far a session has come, in the order of the protocol.
public enum Step {
    /// The connection.
    CONNECT("the connection"),
    /// The server's first reply.
    GREETING("the greeting"),
    /// EHLO, HELO or LHLO.
    HELLO("EHLO"),
    /// The STARTTLS command.
    STARTTLS("STARTTLS"),
    /// The TLS handshake.
    HANDSHAKE("the TLS handshake"),
    /// AUTH.
    AUTH("AUTH"),
    /// The MAIL command.
    MAIL("MAIL FROM"),
    /// The RCPT command.
    RCPT("RCPT TO"),
    /// The DATA command.
    DATA("DATA"),
    /// The content, by DATA or BDAT, and the reply to its end.
    CONTENT("the end of the message");

    private final String words;

    Step(String words) {
        this.words = words;
    }

    /// The step in words that fit behind "in reply to".
    public String words() {
        return words;
    }
}
