package dev.postern.smtpserver;

import dev.postern.event.Decision;
import dev.postern.smtp.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What all phases of one session share.
///
/// @param conversation with the client
/// @param setup what the session was given when it began
/// @param record the decisions that are kept
/// @param tally what was done so far
/// @param meter what it may still take
record SessionCore(Conversation conversation, SessionSetup setup, SessionRecord record, Tally tally, Meter meter) {
    ServerSessionSettings settings() {
        return setup.settings();
    }

    SessionServices services() {
        return setup.services();
    }

    Instant now() {
        return services().clock().instant();
    }

    /// Keeps why a reply refuses something; what it says is the reason.
    void refused(String stage, String rule, Reply reply, Map<String, String> inputs) {
        record.refused(List.of(new Decision(
                now(), stage, rule, reply.isTransient() ? "defer" : "reject", String.join(" ", reply.text()), inputs)));
    }
}
