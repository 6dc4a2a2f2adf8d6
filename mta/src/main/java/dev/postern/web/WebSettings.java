package dev.postern.web;

import java.time.Duration;

/// The bounds of what is spoken with other servers by HTTPS.
///
/// @param time from the look-up of the address to the last octet of the answer, above zero
/// @param bodyOctets of an answer that are read, 1 to 16 MiB
/// @param headerOctets that an answer may have before its body, 512 to 1 MiB
/// @param atOnce requests to all servers together, 1 to 1000; others wait, within their time
/// @param notPublic whether servers may have addresses that are not public: loopback, private, link-local
public record WebSettings(Duration time, int bodyOctets, int headerOctets, int atOnce, boolean notPublic) {
    private static final Duration USUAL_TIME = Duration.ofSeconds(60);
    private static final int KIB = 1 << 10;
    private static final int LEAST_HEADER = 512;
    private static final int MOST_AT_ONCE = 1000;

    /// @throws IllegalArgumentException if a bound is out of its range
    public WebSettings {
        if (!time.isPositive()
                || bodyOctets < 1
                || bodyOctets > 16 * KIB * KIB
                || headerOctets < LEAST_HEADER
                || headerOctets > KIB * KIB
                || atOnce < 1
                || atOnce > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    time + ", " + bodyOctets + " and " + headerOctets + " octets, " + atOnce + " at once");
        }
    }

    /// A minute, 64 KiB after 8 KiB of header, 50 at once, public addresses only.
    public static WebSettings usual() {
        return new WebSettings(USUAL_TIME, 64 * KIB, 8 * KIB, 50, false);
    }

    /// The same, but servers may have addresses that are not public: for a network of its own.
    public WebSettings withNotPublic() {
        return new WebSettings(time, bodyOctets, headerOctets, atOnce, true);
    }
}
