package dev.postern.guard;

import java.time.Duration;

/// What clients ask for, each counted within a minute or an hour.
public enum Demand {
    /// New sessions.
    SESSIONS(0, "sessions", Duration.ofMinutes(1)),
    /// TLS handshakes.
    HANDSHAKES(1, "handshakes", Duration.ofMinutes(1)),
    /// Messages: MAIL commands.
    MESSAGES(2, "messages", Duration.ofHours(1)),
    /// Recipients: RCPT commands.
    RECIPIENTS(3, "recipients", Duration.ofHours(1)),
    /// Octets of content, whether they are taken in the end or not.
    OCTETS(4, "octets", Duration.ofHours(1)),
    /// Recipients that do not exist.
    UNKNOWN_RECIPIENTS(5, "unknown-recipients", Duration.ofHours(1)),
    /// Commands that are wrong, or come at the wrong time.
    FAILED_COMMANDS(6, "failed-commands", Duration.ofHours(1));

    private final int place;
    private final String label;
    private final Duration period;

    Demand(int place, String label, Duration period) {
        this.place = place;
        this.label = label;
        this.period = period;
    }

    /// Its number, from 0 without a gap.
    int place() {
        return place;
    }

    /// The name in configuration and log.
    public String label() {
        return label;
    }

    /// Within what time it is counted.
    public Duration period() {
        return period;
    }
}
