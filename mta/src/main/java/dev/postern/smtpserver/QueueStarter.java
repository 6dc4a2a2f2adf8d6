package dev.postern.smtpserver;

import dev.postern.dns.DomainName;

/// Has the mail that waits for a domain tried again (RFC 1985). Touched by all sessions.
@FunctionalInterface
public interface QueueStarter {
    /// What came of it.
    enum Outcome {
        /// The mail is being looked for, and will be tried.
        STARTED,
        /// It was, a moment ago.
        STARTED_ALREADY,
        /// It cannot be now.
        UNABLE
    }

    /// Begins, and waits for nothing.
    Outcome start(DomainName node);

    /// Never.
    static QueueStarter none() {
        return node -> Outcome.UNABLE;
    }
}
