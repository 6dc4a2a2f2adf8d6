package dev.postern.smtp;

import java.time.Duration;

/// By when a message is to be delivered, and what becomes of it then.
///
/// @param seconds from when the message was taken, at most 999,999,999 to either side; below 1 where the time is over
/// @param mode what happens then
/// @param trace whether each hop that passes the message on is to be told of (by-trace)
/// @spec https://www.rfc-editor.org/rfc/rfc2852 RFC 2852 §4
public record DeliverBy(long seconds, Mode mode, boolean trace) {
    /// The longest time, in seconds (RFC 2852 §4: nine digits).
    public static final long MAX_SECONDS = 999_999_999;

    /// What happens when the time is over.
    public enum Mode {
        /// The message is returned.
        RETURN('R'),
        /// The sender is told, and delivery goes on.
        NOTIFY('N');

        private final char letter;

        Mode(char letter) {
            this.letter = letter;
        }

        /// The letter on the wire.
        public char letter() {
            return letter;
        }
    }

    /// The same request for a message that was taken later than the time was counted from: with less time, for one that
    /// is to be returned at least a second.
    public DeliverBy after(Duration passed) {
        long left = Math.max(seconds - passed.toSeconds(), mode == Mode.RETURN ? 1 : -MAX_SECONDS);
        return new DeliverBy(left, mode, trace);
    }

    /// The value of BY (RFC 2852 §4).
    @Override
    public String toString() {
        return seconds + ";" + mode.letter() + (trace ? "T" : "");
    }

    /// @throws IllegalArgumentException if the time has more than nine digits, or a message to be returned has none
    public DeliverBy {
        if (Math.abs(seconds) > MAX_SECONDS) {
            throw new IllegalArgumentException("a time of " + seconds + " seconds");
        }
        if (mode == Mode.RETURN && seconds < 1) {
            throw new IllegalArgumentException("a message to be returned in " + seconds + " seconds");
        }
    }
}
