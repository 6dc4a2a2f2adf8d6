package dev.postern.intake;

import dev.postern.smtp.Envelope;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;

/// A message about to come in.
///
/// @param id the name it will have
/// @param origin how it comes
/// @param envelope its envelope; every recipient has passed the policy
/// @param treatment what may be done for its sender
public record Arrival(QueueId id, Origin origin, Envelope envelope, Treatment treatment) {
    /// What intake may do to a message beyond adding trace fields.
    ///
    /// @param completeHeader add Date and Message-ID where they are missing (RFC 6409 §8)
    /// @param repairLineEnds make CRLF of bare CR and bare LF
    /// @param sender whose mail it is
    public record Treatment(boolean completeHeader, boolean repairLineEnds, Sender sender) {
        /// Nothing: mail from other servers.
        public static Treatment none() {
            return new Treatment(false, false, Sender.STRANGER);
        }
    }

    /// Whose mail it is.
    public enum Sender {
        /// A user's, a program's or a listed host's: we answer for its return path.
        OURS,
        /// Anybody's.
        STRANGER
    }
}
