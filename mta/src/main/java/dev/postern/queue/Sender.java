package dev.postern.queue;

import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.spool.SpooledMessage;

/// Whose mail a message is, where senders share a lane: each has his turn, however much the others send.
///
/// It is the authenticated user, whatever he writes into the reverse-path; of all others the domain of
/// the reverse-path, since mailings use another local part for each message. Everything with a null
/// reverse-path is of one sender.
///
/// @param kind what the name is
/// @param name of a user or host; empty for reports
record Sender(Kind kind, String name) {
    /// How a sender is known.
    enum Kind {
        USER,
        HOST,
        REPORTS
    }

    private static final Sender REPORTS = new Sender(Kind.REPORTS, "");

    /// Of the name alone, which strings remember: a user and a host with the same name are rare.
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /// The sender of a message.
    static Sender of(SpooledMessage message) {
        return message.origin()
                .user()
                .map(user -> new Sender(Kind.USER, user))
                .orElseGet(() -> switch (message.reversePath()) {
                    case NullPath() -> REPORTS;
                    case Mailbox mailbox -> new Sender(Kind.HOST, mailbox.host().toString());
                });
    }
}
