package dev.postern.smtpclient;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.wire.TlsState;
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
    /// @param tls what the TLS handshake agreed on, where it was done
    record Failed(Step step, EnhancedStatus status, String why, Optional<Reply> reply, Optional<TlsState> tls)
            implements Opening {
        /// A failure in the clear.
        public Failed(Step step, EnhancedStatus status, String why, Optional<Reply> reply) {
            this(step, status, why, reply, Optional.empty());
        }

        /// The same, after a handshake.
        Failed under(Optional<TlsState> agreed) {
            return new Failed(step, status, why, reply, agreed);
        }
    }
}
