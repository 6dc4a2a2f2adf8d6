package dev.postern.smtpserver;

import dev.postern.policy.NetworkSet;
import java.time.Duration;

/// What is asked of a client's manners.
///
/// @param allow networks of which nothing is asked but that they speak SMTP, beside those that are trusted anyway
/// @param greeting how a stranger is greeted
/// @param earlyPipelining what follows from commands in one go that may not be
/// @param slowness how offenders are slowed down
public record MannersSettings(
        NetworkSet allow, GreetingWait greeting, EarlyPipelining earlyPipelining, Slowness slowness) {
    /// How an unknown client is greeted where other servers come.
    ///
    /// @param time how long it waits for its greeting; zero: not at all, and talking early is no fault
    /// @param inTwo whether it hears a first line of the greeting before it waits for the last
    /// @param remembered how long a client that has waited once need not wait again
    public record GreetingWait(Duration time, boolean inTwo, Duration remembered) {
        /// @throws IllegalArgumentException if a time is negative
        public GreetingWait {
            if (time.isNegative() || remembered.isNegative()) {
                throw new IllegalArgumentException("a wait of " + time + ", remembered for " + remembered);
            }
        }
    }

    /// What is done about commands in one go that may not be (RFC 2920 §3.1).
    public enum EarlyPipelining {
        /// The first is refused and the session ended.
        REFUSE,
        /// The log tells.
        NOTE
    }

    /// How long replies are held back.
    ///
    /// @param sessions whose replies are held back at once
    /// @param longest for one reply
    /// @param free permanent refusals within a session that come at once
    /// @param step by which each further one comes later than the one before
    public record Slowness(int sessions, Duration longest, int free, Duration step) {
        /// @throws IllegalArgumentException if one is negative
        public Slowness {
            if (sessions < 0 || longest.isNegative() || free < 0 || step.isNegative()) {
                throw new IllegalArgumentException("a negative bound");
            }
        }
    }

    /// Loopback is allowed; 2 seconds in two lines for strangers, once in 30 days; early pipelining is
    /// refused; at most 200 sessions are slow at once, by at most 5 seconds a reply, and by half a
    /// second more for each refusal after the tenth.
    public static MannersSettings byDefault() {
        return new MannersSettings(
                NetworkSet.loopback(),
                new GreetingWait(Duration.ofSeconds(2), true, Duration.ofDays(30)),
                EarlyPipelining.REFUSE,
                new Slowness(200, Duration.ofSeconds(5), 10, Duration.ofMillis(500)));
    }

    /// The same with other networks allowed.
    public MannersSettings allowing(NetworkSet networks) {
        return new MannersSettings(networks, greeting, earlyPipelining, slowness);
    }
}
