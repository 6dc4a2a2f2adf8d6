package dev.postern.spool;

import dev.postern.smtp.Recipient;
import java.time.Instant;
import java.util.Optional;

/// One recipient of a spooled message and how far its delivery has come.
///
/// @param recipient where it goes, after aliases; its ORCPT is what the sender named
/// @param originally the forward-path as it was accepted, in text, where an alias led elsewhere
/// @param status how far it has come
public record RecipientState(Recipient recipient, Optional<String> originally, Status status) {
    /// How far the delivery to one recipient has come.
    public sealed interface Status {
        /// Waiting for its next attempt.
        ///
        /// @param attempts attempts made
        /// @param due when the next one is due
        /// @param lastProblem what the last attempt met: the peer's words or ours, with the
        ///     enhanced status first
        /// @param delayReported whether the sender has been told of the delay
        record Pending(int attempts, Instant due, Optional<String> lastProblem, boolean delayReported)
                implements Status {}

        /// Delivered or relayed: nothing is left to do.
        record Done(String how) implements Status {}

        /// Failed for good, and whoever had to be told has been.
        record Failed(String why) implements Status {}

        /// Nothing is left to do but to tell the sender, together with what becomes of other recipients of the message.
        ///
        /// @param end what becomes of it once that is done: done or failed
        /// @param notice what the sender is told
        /// @param due when he is told, whatever becomes of the others
        record Untold(Status end, Notice notice, Instant due) implements Status {
            /// @throws IllegalArgumentException if it is no end
            public Untold {
                if (end instanceof Pending || end instanceof Untold) {
                    throw new IllegalArgumentException("told of what has not ended: " + end);
                }
            }
        }
    }

    /// A recipient just accepted, due at once.
    public static RecipientState fresh(Recipient recipient, Optional<String> originally, Instant due) {
        return new RecipientState(recipient, originally, new Status.Pending(0, due, Optional.empty(), false));
    }

    /// The same recipient, further on.
    public RecipientState with(Status next) {
        return new RecipientState(recipient, originally, next);
    }

    /// Whether an attempt is left to be made.
    public boolean isPending() {
        return status instanceof Status.Pending;
    }

    /// When the next thing is to be done for it: an attempt, or telling its sender; empty where nothing is left.
    public Optional<Instant> due() {
        return switch (status) {
            case Status.Pending pending -> Optional.of(pending.due());
            case Status.Untold untold -> Optional.of(untold.due());
            case Status.Done _, Status.Failed _ -> Optional.empty();
        };
    }
}
