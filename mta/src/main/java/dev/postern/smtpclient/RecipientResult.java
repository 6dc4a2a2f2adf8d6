package dev.postern.smtpclient;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;

/// What came of a transaction for one of its recipients.
public sealed interface RecipientResult {
    /// The server has taken the message over.
    ///
    /// @param reply its word, of the kind 2yz
    record Taken(Reply reply) implements RecipientResult {}

    /// The server did not want it.
    ///
    /// @param step to which command it answered
    /// @param reply its word, of the kind 4yz or 5yz
    record Refused(Step step, Reply reply) implements RecipientResult {}

    /// The server lacks what the message needs, or the message has what may not be sent; trying again would not help.
    ///
    /// @param status of kind 5
    /// @param why a sentence for the sender
    record Unfit(EnhancedStatus status, String why) implements RecipientResult {}

    /// The session is not protected as the message requires; a session with another host may be (RFC 8689 §4.2.1).
    ///
    /// @param status of kind 5
    /// @param why a sentence for the sender
    record Unprotected(EnhancedStatus status, String why) implements RecipientResult {}

    /// The connection was lost, the server was silent, or it spoke no SMTP, before the final reply.
    ///
    /// @param step where that was
    /// @param why in words
    /// @param contentSent whether the server may have the whole message, so that sending it again may duplicate it
    /// (RFC 1047)
    record Unanswered(Step step, String why, boolean contentSent) implements RecipientResult {}

    /// Our own copy of the message could not be read; the server has not got it.
    ///
    /// @param why in words
    record Unreadable(String why) implements RecipientResult {}
}
