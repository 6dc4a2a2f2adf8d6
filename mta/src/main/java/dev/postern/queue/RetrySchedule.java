package dev.postern.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// When a message that could not be delivered is tried again, and for how long (RFC 5321
/// §4.5.4.1).
///
/// @param waits the waits between attempts
/// @param giveUpAfter the age at which a recipient that is still deferred fails; RFC 5321 asks
///     for 4 to 5 days
/// @param delayNoticeAfter the age at which the sender is told that it takes longer; empty for
///     never
public record RetrySchedule(BackOff waits, Duration giveUpAfter, Optional<Duration> delayNoticeAfter) {
    private static final BackOff USUAL_WAITS = new BackOff(Duration.ofMinutes(1), 2, Duration.ofHours(4), 0.1);

    /// @throws IllegalArgumentException if a time is not positive
    public RetrySchedule {
        if (!giveUpAfter.isPositive()
                || delayNoticeAfter.filter(d -> !d.isPositive()).isPresent()) {
            throw new IllegalArgumentException("give up after " + giveUpAfter + ", notice after " + delayNoticeAfter);
        }
    }

    /// From one minute to four hours, for five days, with a notice after four hours.
    public static RetrySchedule usual() {
        return new RetrySchedule(USUAL_WAITS, Duration.ofDays(5), Optional.of(Duration.ofHours(4)));
    }

    /// When to try again after so many attempts, the last of them now.
    public Instant next(int attempts, Instant now, RandomGenerator random) {
        return now.plus(waits.spread(waits.after(attempts), random));
    }

    /// When to look again at a message that was not tried, since its next hop is left alone until
    /// a moment: not before that moment, and the later the older the message is.
    public Instant passedOver(Instant arrived, Instant now, Instant until, RandomGenerator random) {
        Instant byAge = now.plus(waits.atAge(Duration.between(arrived, now)));
        Instant earliest = byAge.isAfter(until) ? byAge : until;
        Duration spread = waits.spread(waits.first(), random);
        return earliest.plus(spread.dividedBy(2));
    }

    /// When to give up on a message.
    public Instant end(Instant arrived) {
        return arrived.plus(giveUpAfter);
    }

    /// Whether a message is so old that a deferral is its failure.
    public boolean isOver(Instant arrived, Instant now) {
        return !now.isBefore(end(arrived));
    }

    /// Whether the sender is to be told of the delay, if he has not been.
    public boolean isLate(Instant arrived, Instant now) {
        return delayNoticeAfter
                .filter(late -> !now.isBefore(arrived.plus(late)))
                .isPresent();
    }
}
