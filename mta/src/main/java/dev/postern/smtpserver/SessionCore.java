package dev.postern.smtpserver;

import java.time.Instant;

/// What all phases of one session share.
///
/// @param conversation with the client
/// @param setup what the session was given when it began
/// @param record the decisions that are kept
/// @param tally what was done so far
record SessionCore(Conversation conversation, SessionSetup setup, SessionRecord record, Tally tally) {
    ServerSessionSettings settings() {
        return setup.settings();
    }

    SessionServices services() {
        return setup.services();
    }

    Instant now() {
        return services().clock().instant();
    }
}
