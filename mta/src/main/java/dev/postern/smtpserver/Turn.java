package dev.postern.smtpserver;

import dev.postern.wire.Deadline;
import java.time.Duration;

/// Whose turn it is in the talk with a client.
sealed interface Turn {
    /// Ours to answer.
    Turn OURS = new Ours();

    /// Ours to answer.
    record Ours() implements Turn {}

    /// One wait for the client: it is its turn. Two waits are never the same object, so that whoever takes a session
    /// out of one does not take it out of the next.
    ///
    /// @param since {@link System#nanoTime()} of its last word, or of our answer to it
    /// @param phase of the session
    /// @param what is waited for
    record Wait(long since, Phase phase, For what) implements Turn {
        /// What is waited for.
        enum For {
            /// What the client says.
            COMMAND,
            /// Its part of a TLS handshake, in which nothing else can be said.
            HANDSHAKE,
            /// Ourselves: we let the client wait, which is no silence of its own.
            US
        }

        /// Whether nothing can be said as long as it lasts.
        boolean isMute() {
            return what == For.HANDSHAKE;
        }

        /// Whether it lasts longer than a part of what is borne otherwise.
        ///
        /// @param share of the times, above 0, at most 1
        boolean isOverdue(long nanoTime, double share, Duration command) {
            boolean tooSilent = nanoTime - since > command.toNanos() * share;
            boolean tooLate = nanoTime - phase.began() > phase.time().toNanos() * share;
            return tooSilent || (tooLate && phase.shrinks());
        }
    }

    /// Nobody's any more.
    ///
    /// @param why it was taken from the session's thread
    /// @param mute whether nothing can be said any more
    record Over(Ending why, boolean mute) implements Turn {}

    /// A part of a session that has a time of its own.
    ///
    /// @param began by {@link System#nanoTime()}
    /// @param shrinks whether it has less time under pressure; a content that has begun to come has not, nor a
    ///     handshake, whose one wait it is
    record Phase(long began, Duration time, boolean shrinks) {
        /// One that begins now and shrinks.
        static Phase begin(Duration time) {
            return new Phase(System.nanoTime(), time, true);
        }

        /// When it is over, if there is no pressure.
        Deadline deadline() {
            return new Deadline(began).later(time);
        }
    }
}
