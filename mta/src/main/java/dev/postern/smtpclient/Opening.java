package dev.postern.smtpclient;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.wire.Connection;
import dev.postern.wire.Endpoint;
import dev.postern.wire.TlsState;
import java.util.Optional;

/// What came of opening a session.
public sealed interface Opening {
    /// It is open and can take mail.
    record Ready(SmtpClient client) implements Opening {}

    /// Our end of a connection on which a session came to nothing.
    ///
    /// @param tls what the TLS handshake agreed on, where it was done
    record End(Endpoint local, Optional<TlsState> tls) {}

    /// It is not.
    ///
    /// @param step how far it came
    /// @param status of kind 4, or 5 where the server would have to change for another try to end in another way
    /// @param why a sentence
    /// @param reply the server's word, where it said one
    /// @param end how far the connection came; empty where there was none
    record Failed(Step step, EnhancedStatus status, String why, Optional<Reply> reply, Optional<End> end)
            implements Opening {
        /// A failure before there was a connection, or of one that is not known here.
        public Failed(Step step, EnhancedStatus status, String why, Optional<Reply> reply) {
            this(step, status, why, reply, Optional.empty());
        }

        /// The same, on a connection.
        Failed on(Connection connection) {
            return new Failed(step, status, why, reply, Optional.of(new End(connection.local(), connection.tls())));
        }

        /// What the TLS handshake agreed on, where it was done.
        public Optional<TlsState> tls() {
            return end.flatMap(End::tls);
        }
    }
}
