package dev.postern.dsn;

import java.util.stream.Stream;

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

    /// What a word on the wire stands for.
    ///
    /// @throws IllegalArgumentException if it stands for nothing
    public static Action of(String word) {
        return Stream.of(values())
                .filter(action -> action.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no action of a report: " + word));
    }

    /// The word on the wire.
    public String word() {
        return word;
    }
}
