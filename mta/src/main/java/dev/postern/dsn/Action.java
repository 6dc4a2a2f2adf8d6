package dev.postern.dsn;

/// What became of a recipient, in the words of a report (RFC 3464 §2.3.3).
public enum Action {
    /// Never delivered.
    FAILED("failed"),
    /// Not delivered yet; attempts go on.
    DELAYED("delayed"),
    /// In the inbox.
    DELIVERED("delivered"),
    /// With a next hop that will not report.
    RELAYED("relayed"),
    /// Sent on to the members of a list.
    EXPANDED("expanded");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    /// The word on the wire.
    public String word() {
        return word;
    }
}
