package dev.postern.smtpclient;

import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Reply;
import dev.postern.wire.TlsWords;
import java.io.IOException;
import java.util.Optional;

/// What went wrong, in words.
final class Words {
    private Words() {}

    /// What an exception says, as it may be told to others.
    static String of(IOException e) {
        return TlsWords.of(e);
    }

    /// The status of a reply: its own, or the general one of its kind (RFC 3463 §3.1); a reply that neither accepts
    /// nor refuses where it should is a temporary failure.
    static EnhancedStatus statusOf(Reply reply) {
        return reply.status()
                .filter(s -> s.kind() != 2)
                .orElseGet(() -> EnhancedStatus.of(reply.isPermanent() ? "5.0.0" : "4.0.0"));
    }

    /// No session, because of a reply.
    static Opening.Failed refused(Step step, Reply reply) {
        return new Opening.Failed(
                step, statusOf(reply), "said in reply to " + step.words() + ": " + reply, Optional.of(reply));
    }
}
