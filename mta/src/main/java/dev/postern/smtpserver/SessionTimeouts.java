package dev.postern.smtpserver;

import dev.postern.wire.Pace;
import java.time.Duration;

/// How long a session waits for its client.
///
/// @param command for the next command, or the next line of an AUTH exchange (RFC 5321 §4.5.3.2.7: 5 minutes at least)
/// @param tls for a TLS handshake
/// @param content for a content
/// @param phases for the parts of a session and the whole of it
public record SessionTimeouts(Duration command, Duration tls, ContentTime content, PhaseTime phases) {
    /// How long a content may take.
    ///
    /// @param pace the slowest that it may come
    /// @param whole for a whole content, or one chunk of it
    public record ContentTime(Pace pace, Duration whole) {
        /// @throws IllegalArgumentException if the time is not positive
        public ContentTime {
            requirePositive(whole);
        }
    }

    /// How long a session may take, whatever it says meanwhile.
    ///
    /// @param idle without a transaction, from the greeting or the end of the last one
    /// @param transaction from MAIL to the beginning of the content
    /// @param session for everything, from the first octet to the last
    public record PhaseTime(Duration idle, Duration transaction, Duration session) {
        /// @throws IllegalArgumentException if one is not positive
        public PhaseTime {
            requirePositive(idle, transaction, session);
        }
    }

    /// 5 minutes for a command, a minute for TLS, 5 minutes for an octet and 200 octets a second for a
    /// content of at most 2 hours, 15 minutes without a transaction, an hour for one, a day for a session.
    public static SessionTimeouts byDefault() {
        return new SessionTimeouts(
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                new ContentTime(new Pace(Duration.ofMinutes(5), Pace.SLOWEST), Duration.ofHours(2)),
                new PhaseTime(Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(24)));
    }

    /// @throws IllegalArgumentException if one is not positive
    public SessionTimeouts {
        requirePositive(command, tls);
    }

    private static void requirePositive(Duration... times) {
        for (Duration time : times) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("a time-out of " + time);
            }
        }
    }
}
