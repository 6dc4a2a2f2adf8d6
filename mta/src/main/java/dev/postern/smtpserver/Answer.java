package dev.postern.smtpserver;

import dev.postern.smtp.Reply;
import java.util.List;

/// What a session does about a command: one reply, and what comes after it.
sealed interface Answer {
    /// The reply; then the next command.
    record Continue(Reply reply) implements Answer {}

    /// One reply for each accepted recipient, in their order (RFC 2033 §4.2); then the next command.
    record PerRecipient(List<Reply> replies) implements Answer {
        public PerRecipient {
            replies = List.copyOf(replies);
        }
    }

    /// The reply; then the TLS handshake.
    record Secure(Reply reply) implements Answer {}

    /// The greeting, as if the client had just connected; then the next command.
    record Greet() implements Answer {}

    /// The reply; then the end.
    record Close(Reply reply, Ending ending) implements Answer {}

    /// No reply at all: the client cannot be trusted to know what it would belong to.
    record Abandon(Ending ending) implements Answer {}
}
