package dev.postern.policy;

import java.util.Optional;

/// What policies have found out about one content, for those that are asked after them. Used by one thread.
public final class Findings {
    private Optional<AuthenticationReport> sender = Optional.empty();

    /// Keeps in whose name the message comes.
    void sender(AuthenticationReport report) {
        sender = Optional.of(report);
    }

    /// In whose name the message comes; empty where nobody has looked.
    public Optional<AuthenticationReport> sender() {
        return sender;
    }
}
