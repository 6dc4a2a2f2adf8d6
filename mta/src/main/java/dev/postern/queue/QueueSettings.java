package dev.postern.queue;

import java.time.Duration;

/// The bounds of the queue in memory and of its lanes.
///
/// @param places how many recipients of active messages there are in memory at most; one message
///     more may begin below the bound and go beyond it
/// @param contentBudget octets of content that are kept from the acceptance to the first attempt
///     at most
/// @param rules how many attempts a lane makes at once, and in a minute
/// @param laneRest how long a lane whose next hop is down is left alone
/// @param handOverGrace how long a message just accepted may take from the spool to {@link
///     MailQueue#accepted}; the schedule is read up to this long ago
public record QueueSettings(int places, long contentBudget, LaneRules rules, BackOff laneRest, Duration handOverGrace) {

    private static final int USUAL_PLACES = 20_000;
    private static final long USUAL_CONTENT_BUDGET = 64L << 20;
    private static final int USUAL_CONCURRENCY = 20;
    private static final BackOff USUAL_REST = new BackOff(Duration.ofSeconds(30), 2, Duration.ofMinutes(30), 0.1);

    /// @throws IllegalArgumentException if a bound leaves no room
    public QueueSettings {
        if (places < 1 || contentBudget < 0 || handOverGrace.isNegative()) {
            throw new IllegalArgumentException("a bound of the queue leaves no room");
        }
    }

    /// What suits a small and a big server alike.
    public static QueueSettings usual() {
        return new QueueSettings(
                USUAL_PLACES,
                USUAL_CONTENT_BUDGET,
                _ -> LaneBounds.upTo(USUAL_CONCURRENCY),
                USUAL_REST,
                Duration.ofSeconds(1));
    }
}
