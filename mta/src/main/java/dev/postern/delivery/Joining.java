package dev.postern.delivery;

import dev.postern.delivery.Judgement.Telling;
import dev.postern.queue.Siblings;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Joins what is told of a message, so that recipients that come to the same at about the same time are told of in one
/// report, though they went by different lanes (RFC 3464 §2.3).
///
/// *An end* (failure, success) waits for the recipients that are being tried or are about to be, {@link #LONGEST_WAIT}
/// at most: it is stored as {@link Status.Untold}. Whoever ends the last of them takes along what waits. If none does
/// in time, the queue brings what waits as a work of its own ({@link dev.postern.queue.Sorter#REPORTS}).
///
/// *A delay* is told of by whoever ends, for all recipients that are late; it leaves that to an attempt that has just
/// begun, or is about to, and would tell of one, too.
///
/// @rfc 3464 §2.3
final class Joining {
    /// How long the report of an end waits for others.
    static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    private final Judge judge;
    private final Siblings rest;
    private final Instant now;

    /// @param judge of the attempt that ends
    Joining(Judge judge, Siblings rest, Instant now) {
        this.judge = judge;
        this.rest = rest;
        this.now = now;
    }

    /// What becomes of the recipients of an attempt and of others, and what is told.
    ///
    /// @param own in the order of the attempt's recipients
    /// @param others what becomes of others, by their positions
    record Joined(List<Judgement> own, Map<Integer, Status> others, List<Telling> told) {
        Joined {
            own = List.copyOf(own);
            others = Map.copyOf(others);
            told = List.copyOf(told);
        }

        /// Where the message has no other recipients.
        static Joined alone(List<Judgement> judgements) {
            return new Joined(judgements, Map.of(), tellings(judgements));
        }
    }

    /// Joins what an attempt came to with the rest of its message.
    Joined join(List<Judgement> judgements) {
        Map<Integer, Status> others = new HashMap<>();
        List<Telling> told = new ArrayList<>();
        List<Judgement> own = judgements;
        if (waits()) {
            own = own.stream().map(this::later).toList();
        } else {
            takeAlong(rest, others, told);
        }
        if (isLeftToAnother()) {
            own = own.stream().map(Joining::untoldOfDelay).toList();
        } else {
            takeLate(others, told);
        }
        return new Joined(
                own,
                others,
                Stream.concat(tellings(own).stream(), told.stream()).toList());
    }

    /// Everything that waits to be told.
    ///
    /// @param recipients that the time is over for
    static Joined all(List<RecipientState> recipients, Siblings rest) {
        Map<Integer, Status> others = new HashMap<>();
        List<Telling> told = new ArrayList<>();
        for (RecipientState recipient : recipients) {
            if (recipient.status() instanceof Status.Untold untold) {
                told.add(Telling.of(recipient, untold.notice()));
            }
        }
        takeAlong(rest, others, told);
        return new Joined(List.of(), others, told);
    }

    private static List<Telling> tellings(List<Judgement> judgements) {
        return judgements.stream()
                .map(Judgement::telling)
                .flatMap(Optional::stream)
                .toList();
    }

    private RecipientState state(int recipient) {
        return rest.message().recipients().get(recipient);
    }

    /// Whether ends that are to be told wait: somebody is tried or about to be, and nobody's wait is over.
    private boolean waits() {
        boolean someWait = rest.free().stream().map(this::state).anyMatch(one -> one.isPending() && isDue(one));
        return (someWait || underWay().anyMatch(RecipientState::isPending)) && untold().noneMatch(this::isDue);
    }

    private boolean isDue(RecipientState recipient) {
        return recipient.due().filter(due -> !due.isAfter(now)).isPresent();
    }

    private Stream<RecipientState> untold() {
        return rest.free().stream().map(this::state).filter(one -> one.status() instanceof Status.Untold);
    }

    /// The same, told with the others, and not after the first that waits already.
    private Judgement later(Judgement judgement) {
        if (!judgement.tellsOfAnEnd()) {
            return judgement;
        }
        Instant due = untold().map(RecipientState::due)
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .orElseGet(() -> now.plus(LONGEST_WAIT));
        return judgement.silently(new Status.Untold(
                judgement.status(), judgement.telling().orElseThrow().notice(now), due));
    }

    private static void takeAlong(Siblings rest, Map<Integer, Status> others, List<Telling> told) {
        for (int i : rest.free()) {
            RecipientState other = rest.message().recipients().get(i);
            if (other.status() instanceof Status.Untold untold) {
                others.put(i, untold.end());
                told.add(Telling.of(other, untold.notice()));
            }
        }
    }

    private Stream<RecipientState> underWay() {
        return Stream.concat(rest.tried().stream(), rest.toBeTried().stream()).map(this::state);
    }

    /// Whether an attempt under way, or soon to be, would tell of a delay; then it tells of all. One whose time came
    /// long ago has a lane that is slow, and is not waited for.
    private boolean isLeftToAnother() {
        return underWay()
                .anyMatch(one -> one.status() instanceof Status.Pending waiting
                        && waiting.due().isAfter(now.minus(LONGEST_WAIT))
                        && judge.isDelayToTell(one, waiting));
    }

    private static Judgement untoldOfDelay(Judgement judgement) {
        return judgement.tellsOfADelay() && judgement.status() instanceof Status.Pending waiting
                ? judgement.silently(
                        new Status.Pending(waiting.attempts(), waiting.due(), waiting.lastProblem(), false))
                : judgement;
    }

    private void takeLate(Map<Integer, Status> others, List<Telling> told) {
        for (int i : rest.free()) {
            RecipientState other = state(i);
            if (other.status() instanceof Status.Pending waiting
                    && waiting.lastProblem().isPresent()
                    && judge.isDelayToTell(other, waiting)) {
                others.put(i, new Status.Pending(waiting.attempts(), waiting.due(), waiting.lastProblem(), true));
                told.add(judge.delayed(other, waiting.lastProblem().get()));
            }
        }
    }
}
