package dev.postern.smtpserver;

import java.time.Duration;

/// How long a session waits for its client.
///
/// @param command for the next command, or the next line of an AUTH exchange (RFC 5321 §4.5.3.2.7: 5 minutes at least)
/// @param contentStall for the next octet of content
/// @param content for a whole content, or one chunk of it
/// @param session for everything, from the first octet to the last
/// @param tls for a TLS handshake
public record SessionTimeouts(
        Duration command, Duration contentStall, Duration content, Duration session, Duration tls) {
    /// 5 minutes for a command, 5 for an octet of content, 2 hours for a content, a day for a session, a minute for
    /// TLS.
    public static SessionTimeouts byDefault() {
        return new SessionTimeouts(
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofHours(2),
                Duration.ofHours(24),
                Duration.ofMinutes(1));
    }

    /// @throws IllegalArgumentException if one is not positive
    public SessionTimeouts {
        for (Duration time : new Duration[] {command, contentStall, content, session, tls}) {
            if (!time.isPositive()) {
                throw new IllegalArgumentException("a time-out of " + time);
            }
        }
    }
}
