package dev.postern.smtpclient;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import java.util.Optional;

/// What came of opening a session.
public sealed interface Opening {
    /// It is open and can take mail.
    record Ready(SmtpClient client) implements Opening {}

    /// It is not.
    ///
    /// @param step how far it came
    /// @param status of kind 4, or 5 where the server would have to change for another try to end in another way
    /// @param why a sentence
    /// @param reply the server's word, where it said one
    record Failed(Step step, EnhancedStatus status, String why, Optional<Reply> reply) implements Opening {}
}
