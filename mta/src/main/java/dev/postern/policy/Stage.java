package dev.postern.policy;

/// The stages of a session at which policies are asked, in their order.
public enum Stage {
    /// A client has connected; nothing is known but its address.
    CONNECT("connect"),
    /// It has given its name.
    HELO("helo"),
    /// It goes on in the clear, where it could have TLS first.
    CLEAR("clear"),
    /// It has named the reverse-path.
    MAIL("mail"),
    /// It has named one recipient.
    RCPT("rcpt"),
    /// The content is here in full, and not yet accepted.
    CONTENT("content");

    private final String label;

    Stage(String label) {
        this.label = label;
    }

    /// The word in decisions.
    public String label() {
        return label;
    }
}
