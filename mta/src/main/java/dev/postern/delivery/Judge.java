package dev.postern.delivery;

import dev.postern.delivery.DeliveryEvent.Stop;
import dev.postern.delivery.DeliveryEvent.Told;
import dev.postern.delivery.Judgement.Telling;
import dev.postern.dsn.Action;
import dev.postern.dsn.RecipientReport;
import dev.postern.event.Decision;
import dev.postern.queue.RetrySchedule;
import dev.postern.queue.RetrySchedules;
import dev.postern.queue.Work;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Notify;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpooledMessage;
import dev.postern.transport.DeliveryOutcome;
import dev.postern.transport.DeliveryOutcome.Remote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Judges the outcomes of one attempt: done, tried again when, or given up; and what the sender
/// is told (RFC 3461 §5.2, RFC 5321 §6.1).
final class Judge {
    /// Given up after too long (RFC 3463 §3.5): a persistent *transient* condition, as its first
    /// digit says.
    static final EnhancedStatus EXPIRED = new EnhancedStatus(4, 4, 7);

    /// Delivery time expired: the sender wanted it then or not at all (RFC 2852 §4.1.3).
    static final EnhancedStatus TOO_LATE = new EnhancedStatus(5, 4, 7);

    private static final int LONGEST_PROBLEM = 500;

    private final RetrySchedules schedules;
    private final RandomGenerator random;
    private final SpooledMessage message;
    private final String lane;
    private final Instant began;
    private final Instant now;

    /// @param began when the attempt began
    /// @param now when it ended
    Judge(RetrySchedules schedules, RandomGenerator random, Work work, Instant began, Instant now) {
        this(schedules, random, work.message(), work.lane().name(), began, now);
    }

    Judge(
            RetrySchedules schedules,
            RandomGenerator random,
            SpooledMessage message,
            String lane,
            Instant began,
            Instant now) {
        this.schedules = schedules;
        this.random = random;
        this.message = message;
        this.lane = lane;
        this.began = began;
        this.now = now;
    }

    /// What an outcome means for a recipient that was pending.
    Judgement judge(RecipientState recipient, DeliveryOutcome outcome) {
        Status.Pending before = pending(recipient);
        Stop stop = stop(recipient, before.attempts() + 1);
        return switch (outcome) {
            case DeliveryOutcome.Delivered delivered -> delivered(recipient, stop, delivered);
            case DeliveryOutcome.Failed(EnhancedStatus status, String why, Optional<Remote> remote) ->
                failed(
                        recipient,
                        status,
                        why,
                        remote,
                        told -> new DeliveryEvent.Bounced(stop, status, why, remote, told),
                        stop);
            case DeliveryOutcome.Deferred deferred -> {
                RetrySchedule schedule = schedules.of(recipient.recipient().path());
                if (message.isTooLate(now)) {
                    yield tooLate(recipient, problem(deferred), deferred.remote(), stop);
                }
                if (isOver(schedule)) {
                    yield expired(recipient, schedule, deferred, stop);
                }
                Instant next = inTime(earlier(schedule.next(stop.attempts(), now, random), end(schedule)));
                yield deferred(
                        recipient,
                        deferred,
                        new Status.Pending(
                                stop.attempts(), next, Optional.of(problem(deferred)), before.delayReported()),
                        new DeliveryEvent.Deferred(stop, deferred.status(), deferred.why(), deferred.remote(), next));
            }
        };
    }

    /// What it means for a pending recipient that its lane rests.
    Judgement passOver(RecipientState recipient, Work.Rest rest) {
        Status.Pending before = pending(recipient);
        Stop stop = stop(recipient, before.attempts());
        RetrySchedule schedule = schedules.of(recipient.recipient().path());
        DeliveryOutcome.Deferred deferred = deferred(rest.problem());
        if (message.isTooLate(now)) {
            return tooLate(recipient, rest.problem(), Optional.empty(), stop);
        }
        if (isOver(schedule)) {
            return expired(recipient, schedule, deferred, stop);
        }
        Instant next = inTime(schedule.passedOver(message.released(), now, rest.until(), random));
        return deferred(
                recipient,
                deferred,
                new Status.Pending(before.attempts(), next, Optional.of(rest.problem()), before.delayReported()),
                new DeliveryEvent.PassedOver(stop, rest.problem(), next));
    }

    /// What becomes of a pending recipient of a message that is to be returned now, without another attempt.
    Judgement tooLate(RecipientState recipient) {
        Status.Pending before = pending(recipient);
        return tooLate(
                recipient,
                before.lastProblem().orElse("there was no attempt in this time"),
                Optional.empty(),
                stop(recipient, before.attempts()));
    }

    private Judgement tooLate(RecipientState recipient, String last, Optional<Remote> remote, Stop stop) {
        String why = "It could not be delivered within the time that its sender had set. The last problem was: " + last;
        return failed(
                recipient,
                TOO_LATE,
                why,
                remote,
                told -> new DeliveryEvent.Expired(stop, TOO_LATE, why, remote, told),
                stop);
    }

    /// When it is given up: an operator may have set another time.
    private Instant end(RetrySchedule schedule) {
        return message.orders().end().orElseGet(() -> schedule.end(message.released()));
    }

    private boolean isOver(RetrySchedule schedule) {
        return !now.isBefore(end(schedule));
    }

    /// When to try again: not after the time by which the message is to be delivered, or which an operator has set,
    /// as long as that lies ahead, since the sender is told then, or the message is returned.
    private Instant inTime(Instant next) {
        Instant byOrder = notAfter(message.orders().end(), next);
        return notAfter(message.deliverBy(), byOrder);
    }

    private Instant notAfter(Optional<Instant> bound, Instant next) {
        return bound.filter(time -> time.isAfter(now))
                .map(time -> earlier(time, next))
                .orElse(next);
    }

    /// When the sender is told of the delay: he may have said himself (RFC 2852 §4.1.3).
    private boolean isLate(RetrySchedule schedule) {
        return notice().map(time -> !now.isBefore(time)).orElseGet(() -> schedule.isLate(message.released(), now));
    }

    /// When the sender wants to be told that the message has not been delivered.
    private Optional<Instant> notice() {
        return isWatched(DeliverBy.Mode.NOTIFY) ? message.deliverBy() : Optional.empty();
    }

    private boolean isWatched(DeliverBy.Mode mode) {
        return message.parameters()
                .handling()
                .deliverBy()
                .filter(by -> by.mode() == mode)
                .isPresent();
    }

    /// Whether the sender is to be told that the message went on, since he has it traced, or since nobody watches the
    /// time from now on (RFC 2852 §4.1.4).
    private boolean isTraced(RecipientState recipient, DeliveryOutcome.Delivered outcome) {
        Optional<DeliverBy> by = message.parameters().handling().deliverBy();
        if (by.isEmpty() || !outcome.relayed() || message.reversePath().isNull()) {
            return false;
        }
        boolean unwatched = outcome.timeKeeper() == DeliveryOutcome.TimeKeeper.NOBODY
                && notice().filter(now::isBefore).isPresent();
        return (by.get().trace() || unwatched)
                && recipient
                        .recipient()
                        .parameters()
                        .notifyOn()
                        .filter(Notify.never()::equals)
                        .isEmpty();
    }

    /// What remains of a judgement when its report cannot be stored: a delivery is a delivery,
    /// but nobody fails untold.
    Judgement untold(RecipientState recipient, Judgement judgement, String why) {
        if (judgement.telling().isEmpty()) {
            return judgement;
        }
        Action action = judgement.telling().get().action();
        return switch (judgement.status()) {
            case Status.Done done -> {
                List<DeliveryEvent> events = new ArrayList<>(judgement.events());
                events.add(new DeliveryEvent.ReportLost(message.id(), action, why));
                yield new Judgement(done, Optional.empty(), events, judgement.decision());
            }
            case Status.Failed _, Status.Pending _, Status.Untold _ -> {
                Status.Pending before = pending(recipient);
                Instant next = now.plus(
                        schedules.of(recipient.recipient().path()).waits().first());
                String problem = "4.3.0 the report to the sender cannot be stored: " + why;
                yield new Judgement(
                        new Status.Pending(before.attempts() + 1, next, Optional.of(problem), before.delayReported()),
                        Optional.empty(),
                        List.of(new DeliveryEvent.Deferred(
                                stop(recipient, before.attempts() + 1),
                                new EnhancedStatus(4, 3, 0),
                                problem,
                                Optional.empty(),
                                next)),
                        judgement.decision());
            }
        };
    }

    private static Status.Pending pending(RecipientState recipient) {
        if (recipient.status() instanceof Status.Pending pending) {
            return pending;
        }
        throw new IllegalStateException("an attempt for a recipient with which nothing is left to do");
    }

    private Stop stop(RecipientState recipient, int attempts) {
        return new Stop(
                message.id(),
                message.reversePath(),
                recipient.recipient().path(),
                recipient.originally(),
                lane,
                message.size(),
                attempts,
                Duration.between(message.arrived(), now),
                Duration.between(began, now));
    }

    private Judgement delivered(RecipientState recipient, Stop stop, DeliveryOutcome.Delivered outcome) {
        boolean ours = !outcome.relayed() || !outcome.handsOnReports();
        Action action = outcome.relayed() ? Action.RELAYED : Action.DELIVERED;
        EnhancedStatus status = new EnhancedStatus(2, 0, 0);
        boolean told = (ours && wants(recipient, Notify.Event.SUCCESS)) || isTraced(recipient, outcome);
        Optional<Telling> telling = told
                ? Optional.of(telling(action, recipient, status, outcome.how(), outcome.remote(), Optional.empty()))
                : Optional.empty();
        return new Judgement(
                new Status.Done(outcome.how()),
                telling,
                List.of(new DeliveryEvent.Delivered(stop, outcome.how(), outcome.remote(), outcome.relayed())),
                decision(recipient, outcome.relayed() ? "relayed" : "delivered", outcome.how(), outcome.remote()));
    }

    private Judgement expired(
            RecipientState recipient, RetrySchedule schedule, DeliveryOutcome.Deferred last, Stop stop) {
        String within = message.orders().end().isPresent()
                ? "by the time that the administrator had set"
                : "within " + words(schedule.giveUpAfter());
        String why = "It could not be delivered " + within + ". The last problem was: " + last.why();
        return failed(
                recipient,
                EXPIRED,
                why,
                last.remote(),
                told -> new DeliveryEvent.Expired(stop, EXPIRED, why, last.remote(), told),
                stop);
    }

    private Judgement failed(
            RecipientState recipient,
            EnhancedStatus status,
            String why,
            Optional<Remote> remote,
            java.util.function.Function<Told, DeliveryEvent> event,
            Stop stop) {
        boolean reported = wants(recipient, Notify.Event.FAILURE);
        Told told = message.reversePath().isNull() ? Told.NO_SENDER : reported ? Told.REPORTED : Told.NOT_WANTED;
        List<DeliveryEvent> events = new ArrayList<>(List.of(event.apply(told)));
        if (told == Told.NO_SENDER) {
            events.add(new DeliveryEvent.BounceDropped(stop, status + " " + why));
        }
        return new Judgement(
                new Status.Failed(cut(status + " " + why)),
                reported
                        ? Optional.of(telling(Action.FAILED, recipient, status, why, remote, Optional.empty()))
                        : Optional.empty(),
                events,
                decision(recipient, "failed", status + " " + why, remote));
    }

    private Judgement deferred(
            RecipientState recipient, DeliveryOutcome.Deferred outcome, Status.Pending next, DeliveryEvent event) {
        RetrySchedule schedule = schedules.of(recipient.recipient().path());
        boolean tell = isDelayToTell(recipient, next);
        return new Judgement(
                new Status.Pending(next.attempts(), next.due(), next.lastProblem(), next.delayReported() || tell),
                tell
                        ? Optional.of(telling(
                                Action.DELAYED,
                                recipient,
                                notice().isPresent() ? EXPIRED : outcome.status(),
                                delayed(outcome),
                                outcome.remote(),
                                Optional.of(end(schedule))))
                        : Optional.empty(),
                List.of(event),
                decision(recipient, "deferred", outcome.status() + " " + outcome.why(), outcome.remote()));
    }

    private String delayed(DeliveryOutcome.Deferred outcome) {
        return notice().isPresent()
                ? "It was not delivered within the time that its sender had set. The last problem was: " + outcome.why()
                : outcome.why();
    }

    /// Whether the sender is to be told of the delay of a recipient that waits, and has not been.
    boolean isDelayToTell(RecipientState recipient, Status.Pending waiting) {
        return !waiting.delayReported()
                && isLate(schedules.of(recipient.recipient().path()))
                && wants(recipient, Notify.Event.DELAY);
    }

    /// What the sender is told of the delay of a recipient that this attempt was not made for.
    ///
    /// @param problem what its own last attempt met
    Telling delayed(RecipientState recipient, String problem) {
        DeliveryOutcome.Deferred last = deferred(problem);
        return new Telling(
                Action.DELAYED,
                new RecipientReport(
                        recipient,
                        notice().isPresent() ? EXPIRED : last.status(),
                        delayed(last),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(end(schedules.of(recipient.recipient().path())))));
    }

    /// Whether the sender wants to be told; never the null path (RFC 5321 §6.1).
    private boolean wants(RecipientState recipient, Notify.Event event) {
        return !message.reversePath().isNull()
                && recipient.recipient().parameters().effectiveNotify().wants(event);
    }

    private Telling telling(
            Action action,
            RecipientState recipient,
            EnhancedStatus status,
            String why,
            Optional<Remote> remote,
            Optional<Instant> retryUntil) {
        return new Telling(
                action,
                new RecipientReport(
                        recipient,
                        status,
                        why,
                        remote.map(r -> new RecipientReport.Remote(r.host(), r.address(), r.words())),
                        Optional.of(now),
                        retryUntil));
    }

    private Decision decision(RecipientState recipient, String verdict, String why, Optional<Remote> remote) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put("to", recipient.recipient().path().toString());
        inputs.put("lane", lane);
        remote.ifPresent(r -> {
            inputs.put("host", r.host());
            inputs.put("address", r.address());
            inputs.put("words", r.words());
            inputs.putAll(r.security().inputs());
        });
        return new Decision(now, "attempt", "delivery", verdict, why, inputs);
    }

    /// What an attempt met, in one text: the status first, then our words, then the peer's.
    static String problem(DeliveryOutcome.Deferred outcome) {
        String said = outcome.remote()
                .map(r -> r.words().isEmpty() || outcome.why().contains(r.words())
                        ? ""
                        : "; " + r.host() + " said: " + r.words())
                .orElse("");
        return cut(outcome.status() + " " + outcome.why() + said);
    }

    /// The deferral that was kept as a problem.
    private static DeliveryOutcome.Deferred deferred(String problem) {
        int space = problem.indexOf(' ');
        Optional<EnhancedStatus> status =
                space < 0 ? Optional.empty() : EnhancedStatus.parse(problem.substring(0, space));
        return new DeliveryOutcome.Deferred(
                status.orElse(new EnhancedStatus(4, 4, 1)),
                status.isPresent() ? problem.substring(space + 1) : problem,
                Optional.empty(),
                DeliveryOutcome.Scope.NEXT_HOP);
    }

    static String cut(String text) {
        return text.length() <= LONGEST_PROBLEM ? text : text.substring(0, LONGEST_PROBLEM) + " ...";
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /// A time in words: `5 days`, `4 hours`, `90 minutes`.
    static String words(Duration time) {
        if (time.toDays() > 1 && time.equals(Duration.ofDays(time.toDays()))) {
            return time.toDays() + " days";
        }
        if (time.toHours() > 1 && time.equals(Duration.ofHours(time.toHours()))) {
            return time.toHours() + " hours";
        }
        return time.toMinutes() + " minutes";
    }
}
