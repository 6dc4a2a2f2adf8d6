package dev.postern.app.config;

import dev.postern.intake.MessageLimits;
import dev.postern.policy.ListenerRole;
import dev.postern.smtpserver.CensusLimits;
import dev.postern.smtpserver.SessionLimits;
import dev.postern.smtpserver.SessionTimeouts;
import dev.postern.wire.Pace;
import java.time.Duration;
import java.util.Map;

/// The section `[limits]`: how much one client, one message and the disk may take.
final class LimitsSection {
    private static final long LEAST_MESSAGE = 64 << 10;
    private static final long USUAL_MESSAGE = 50L << 20;
    private static final long USUAL_RESERVE = 100L << 20;
    private static final long LEAST_HEADER = 16 << 10;
    private static final long MOST_HEADER = 16 << 20;
    private static final int FAILED_LOGINS = 3;
    private static final int MOST_SESSIONS = 1_000_000;
    private static final Duration HANDSHAKE = Duration.ofMinutes(1);

    private LimitsSection() {}

    /// Reads it.
    static Config.Limits read(Section section) {
        SessionLimits session = new SessionLimits(
                messageSize(section),
                section.number("recipients", 1000, 100, 100_000),
                section.number("session-messages", 10_000, 1, 999_999),
                new SessionLimits.Patience(
                        section.number("errors", 20, 1, 10_000),
                        FAILED_LOGINS,
                        section.number("idle-commands", 100, 1, 1_000_000),
                        section.number("unknown-recipients", 50, 1, 1_000_000)));
        long reserve = section.size("disk-reserve", USUAL_RESERVE);
        Config.Limits limits = new Config.Limits(
                session,
                timeouts(section),
                census(section),
                section.duration("drain", Duration.ofSeconds(20)),
                reserve,
                structure(section),
                LoginLimits.read(section),
                OverloadLimits.read(section, reserve));
        section.finish();
        return limits;
    }

    /// Whoever gives an address more room gives it to the network around it too, unless that has a number of its own.
    /// Other servers get three quarters of the room, so that users find some when they take all they can.
    private static CensusLimits census(Section section) {
        int address = section.number("sessions-per-address", 50, 1, MOST_SESSIONS);
        int network = section.number("sessions-per-network", Math.max(address, 200), 1, MOST_SESSIONS);
        int region = section.number("sessions-per-region", Math.max(network, 500), 1, MOST_SESSIONS);
        int inAll = section.number("sessions", 2000, 1, MOST_SESSIONS);
        return new CensusLimits(
                inAll,
                Map.of(
                        ListenerRole.MX,
                        section.number("sessions-mx", inAll - inAll / 4, 1, MOST_SESSIONS),
                        ListenerRole.SUBMISSION,
                        section.number("sessions-submission", inAll, 1, MOST_SESSIONS),
                        ListenerRole.SUBMISSIONS,
                        section.number("sessions-submissions", inAll, 1, MOST_SESSIONS),
                        ListenerRole.LMTP,
                        section.number("sessions-lmtp", inAll, 1, MOST_SESSIONS)),
                new CensusLimits.PerOrigin(address, network, region));
    }

    private static MessageLimits structure(Section section) {
        MessageLimits usual = MessageLimits.byDefault();
        long header = section.size("header-size", usual.headerOctets());
        if (header < LEAST_HEADER || header > MOST_HEADER) {
            section.fault("header-size", "\"limits.header-size\" must be 16KiB to 16MiB");
            header = usual.headerOctets();
        }
        return new MessageLimits(
                section.number("received-fields", usual.received(), 10, 10_000),
                section.number("header-fields", usual.fields(), 100, 1_000_000),
                (int) header,
                section.number("mime-depth", usual.nesting(), 5, 10_000));
    }

    private static SessionTimeouts timeouts(Section section) {
        Duration command = section.positive("command-time-out", Duration.ofMinutes(5));
        Duration session = section.positive("session-time", Duration.ofHours(2));
        Pace pace = new Pace(command, section.number("octets-per-second", (int) Pace.SLOWEST, 1, 1_000_000));
        return new SessionTimeouts(
                command,
                command.compareTo(HANDSHAKE) < 0 ? command : HANDSHAKE,
                new SessionTimeouts.ContentTime(pace, session),
                new SessionTimeouts.PhaseTime(
                        section.positive("idle-time", Duration.ofMinutes(15)),
                        section.positive("transaction-time", Duration.ofHours(1)),
                        session));
    }

    private static long messageSize(Section section) {
        long size = section.size("message-size", USUAL_MESSAGE);
        if (size < LEAST_MESSAGE) {
            section.fault("message-size", "\"limits.message-size\" must be 64KiB or more (RFC 5321 section 4.5.3.1.7)");
            return LEAST_MESSAGE;
        }
        return size;
    }
}
