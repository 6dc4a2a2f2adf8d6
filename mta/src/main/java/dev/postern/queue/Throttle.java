package dev.postern.queue;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How many attempts at once a next hop bears, found by trying, and how many a minute it may get. Guarded by the
/// queue's lock.
///
/// The *limit* says how many there may be now. It begins small and goes up by one for each answer to an attempt that
/// kept others waiting. A refusal while others get through halves it, and what was too much becomes the *ceiling* that
/// answers do not lift it over: one below what was under way, and one more for each other attempt of the same
/// round that is refused. Only a *trial* raises the ceiling, by one, a minute after the refusal. A trial that is
/// refused takes the one back, and the next is twice as far off; one that holds is followed by the next at once.
final class Throttle {
    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(16);

    private LaneBounds bounds;
    private @Nullable Pace pace;

    private int limit;
    private int ceiling;

    /// How often something was told that matters for attempts under way: an answer came, or the limit was closed; and
    /// which of these were the last of their kind.
    private long told;

    private long lastAnswer;
    private long lastClosing;

    /// Whether attempts were refused of which it is not known whether others got through beside them.
    private boolean doubted;

    private Duration pause = FIRST_PAUSE;
    private Instant trialAt = Instant.MIN;

    /// Answers that a trial still needs to hold; 0 while there is none.
    private int onTrial;

    Throttle(LaneBounds bounds) {
        this.bounds = bounds;
        this.pace = pace(bounds);
        this.limit = bounds.first();
        this.ceiling = bounds.most();
    }

    private static @Nullable Pace pace(LaneBounds bounds) {
        return bounds.perMinute() == 0 ? null : Pace.of(bounds.perMinute());
    }

    /// What is known when an attempt begins.
    ///
    /// @param told how often something was told
    /// @param together attempts under way, itself included
    record Mark(long told, int together) {
        /// That of an attempt which was never made.
        static final Mark NONE = new Mark(0, 0);
    }

    LaneBounds bounds() {
        return bounds;
    }

    /// Has other bounds from now on; what is known of the next hop stays known.
    void keepWithin(LaneBounds next) {
        if (next.perMinute() != bounds.perMinute()) {
            pace = pace(next);
        }
        ceiling = isClosed() ? Math.min(ceiling, next.most()) : next.most();
        limit = Math.min(limit, ceiling);
        bounds = next;
    }

    /// How many attempts there may be at once now.
    int limit() {
        return limit;
    }

    /// Whether the next hop has shown that it bears less than it may get, and not yet that it bears all after all.
    boolean isClosed() {
        return ceiling < bounds.most() || onTrial > 0;
    }

    /// Whether attempts that are under way have to tell first, before any other begins.
    boolean isDoubted() {
        return doubted;
    }

    /// How many attempts may begin now.
    int free(int underWay, Instant now) {
        if (underWay >= limit || (doubted && underWay > 0)) {
            return 0;
        }
        return pace == null ? limit - underWay : Math.min(limit - underWay, pace.free(now));
    }

    /// When the next attempt may begin as far as the rate goes: now, or later.
    Instant next(Instant now) {
        return pace == null ? now : pace.next(now);
    }

    /// An attempt begins.
    ///
    /// @param together attempts under way, itself included
    Mark begin(int together, Instant now) {
        if (pace != null) {
            pace.take(now);
        }
        return new Mark(told, together);
    }

    /// An attempt that has begun is not made.
    void takeBack() {
        if (pace != null) {
            pace.takeBack();
        }
    }

    /// The next hop answered an attempt.
    ///
    /// @param wanted whether others had to wait for it
    /// @return whether by this it has shown to bear all that it may get, after it had not
    boolean answered(boolean wanted, Instant now) {
        lastAnswer = ++told;
        doubted = false;
        boolean held = onTrial > 0 && --onTrial == 0;
        if (held) {
            pause = FIRST_PAUSE;
            trialAt = now;
        }
        if (wanted && limit < ceiling) {
            limit++;
        } else if (wanted && onTrial == 0 && isClosed() && !now.isBefore(trialAt)) {
            ceiling++;
            limit = ceiling;
            onTrial = 2 * limit;
        }
        return held && !isClosed();
    }

    /// Whether an attempt that did not get through says that nothing does: none has got through since it began, and
    /// none may have beside it.
    ///
    /// @param spoke whether the next hop refused it in words; else it may be that nobody is there
    /// @param others attempts that are still under way
    boolean saysDown(Mark mark, boolean spoke, int others) {
        return lastAnswer <= mark.told() && !(spoke && others > 0);
    }

    /// An attempt did not get through.
    ///
    /// @param together attempts under way until now, itself included
    /// @return whether the limit was closed by this, and not by another attempt of the same round
    boolean refused(Mark mark, int together, Instant now) {
        doubted |= lastAnswer <= mark.told();
        boolean first = lastClosing <= mark.told();
        int tooMany = first ? Math.min(limit, Math.max(mark.together(), together)) : ceiling;
        ceiling = Math.max(1, Math.min(ceiling, tooMany - 1));
        if (!first) {
            limit = Math.min(limit, ceiling);
            return false;
        }
        lastClosing = ++told;
        boolean trial = onTrial > 0;
        pause = trial && pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        limit = trial ? ceiling : Math.max(1, Math.min(ceiling, limit / 2));
        onTrial = 0;
        trialAt = now.plus(pause);
        return true;
    }

    /// The next hop was down, and is up again: it begins anew.
    void restart() {
        lastClosing = ++told;
        doubted = false;
        limit = bounds.first();
        ceiling = bounds.most();
        onTrial = 0;
        pause = FIRST_PAUSE;
    }
}
