package dev.postern.delivery;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.queue.Claim;
import dev.postern.queue.MailQueue;
import dev.postern.queue.MailQueue.Claiming;
import dev.postern.queue.QueueFilter;
import dev.postern.queue.QueueView;
import dev.postern.queue.Surroundings;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import dev.postern.spool.Orders;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.RecipientState.Status;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.spool.Via;
import dev.postern.transport.DeliveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// What an operator can do to queued messages; used by any number of threads.
///
/// A message in delivery is not torn away: an action waits a moment for the end of the attempt,
/// and reports {@link Result#BUSY} if it takes longer. Everything is on disk on return.
public final class QueueActions {
    private static final EnhancedStatus BOUNCED = new EnhancedStatus(5, 0, 0);
    private static final int PAGE = 200;

    private final MailQueue queue;
    private final QueueView view;
    private final DeliverySettings settings;
    private final Reporter reporter;
    private final Surroundings surroundings;
    private final Duration patience;

    /// @param means those of the delivery
    /// @param patience how long to wait for an attempt that is under way
    public QueueActions(
            MailQueue queue,
            DeliverySettings settings,
            DeliveryManager.Means means,
            Surroundings surroundings,
            Duration patience) {
        this.queue = queue;
        this.view = new QueueView(queue, surroundings.spool(), means.lanes());
        this.settings = settings;
        this.reporter = new Reporter(means.composer(), means.reports());
        this.surroundings = surroundings;
        this.patience = patience;
    }

    /// Something an operator wants.
    public sealed interface Action {
        /// Try all pending recipients now, even where their next hop is left alone. Nothing is
        /// done to a held message: {@link Result#HELD}.
        record Retry() implements Action {}

        /// Try the pending recipients of one domain now, since its host has asked for its mail.
        record RetryFor(DomainName domain) implements Action {}

        /// Make no attempt until released.
        record Hold() implements Action {}

        /// Go on with a held message; with one that its sender has held back, at once.
        record Release() implements Action {}

        /// Forget the message; nobody is told.
        record Remove() implements Action {}

        /// Send the message through another host instead of its next hops, or by its usual way again, and try that
        /// now. What goes into inboxes stays as it is.
        record Move(Optional<Via> via) implements Action {}

        /// Give the message up at another time than usual, or at the usual one again. What is to be tried later than
        /// that is tried then, for the last time.
        record Expire(Optional<Instant> end) implements Action {}

        /// Fail all pending recipients; the sender is told.
        ///
        /// @param why a sentence for the sender
        record Bounce(String why) implements Action {}
    }

    /// What came of an action.
    public enum Result {
        /// It is done.
        DONE,
        /// It was so already.
        UNCHANGED,
        /// The message is held and must be released first.
        HELD,
        /// The message is being delivered, or in another operator's hands.
        BUSY,
        /// There is no such message, or no longer.
        UNKNOWN
    }

    /// What came of an action on many messages.
    ///
    /// @param done changed
    /// @param busy could not be, now
    /// @param held could not be until they are released
    public record Tally(long done, long busy, long held) {
        /// Nothing yet.
        public static final Tally NONE = new Tally(0, 0, 0);

        /// This and one more result; a message that is not there counts nowhere.
        public Tally and(Result result) {
            return switch (result) {
                case DONE -> new Tally(done + 1, busy, held);
                case BUSY -> new Tally(done, busy + 1, held);
                case HELD -> new Tally(done, busy, held + 1);
                case UNCHANGED, UNKNOWN -> this;
            };
        }
    }

    /// The listing of what is queued.
    public QueueView view() {
        return view;
    }

    /// Does something to one message.
    public Result apply(QueueId id, Action action) throws SpoolException {
        return switch (queue.claim(id, patience)) {
            case Claiming.Unknown() -> Result.UNKNOWN;
            case Claiming.Busy() -> Result.BUSY;
            case Claiming.Granted(Claim claim) -> {
                try (claim) {
                    yield apply(claim, action);
                }
            }
        };
    }

    /// Does something to each message that is meant, page by page; what comes in meanwhile may be
    /// among them.
    public Tally apply(QueueFilter filter, Action action) throws SpoolException {
        Tally tally = Tally.NONE;
        Optional<QueueId> after = Optional.empty();
        do {
            QueueView.Page page = view.page(filter, after, PAGE);
            for (QueueView.Row row : page.rows()) {
                tally = tally.and(apply(row.message().id(), action));
            }
            after = page.next();
        } while (after.isPresent());
        return tally;
    }

    private Result apply(Claim claim, Action action) throws SpoolException {
        SpooledMessage message = claim.message();
        return switch (action) {
            case Action.Retry() -> retry(claim, path -> true, "to be tried now");
            case Action.RetryFor(DomainName domain) ->
                retry(claim, path -> isIn(domain, path), "its host has asked for it");
            case Action.Hold() -> hold(claim, true, "held");
            case Action.Release() ->
                message.held() || !waitsForRelease(message) ? hold(claim, false, "released") : releaseEarly(claim);
            case Action.Remove() -> {
                claim.remove(explain(message, "removed", "nobody is told"));
                yield done(message, "removed");
            }
            case Action.Move(Optional<Via> via) -> move(claim, via);
            case Action.Expire(Optional<Instant> end) -> expire(claim, end);
            case Action.Bounce(String why) -> bounce(claim, why);
        };
    }

    private Result done(SpooledMessage message, String what) {
        surroundings.events().emit(new DeliveryEvent.Operated(message.id(), what));
        return Result.DONE;
    }

    private List<SpoolChange> explain(SpooledMessage message, String verdict, String why) {
        Instant now = surroundings.clock().instant();
        return List.of(new SpoolChange.Explain(
                message.id(), List.of(new Decision(now, "attempt", "operator", verdict, why, Map.of()))));
    }

    private static boolean isIn(DomainName domain, ForwardPath path) {
        return path instanceof Mailbox mailbox && mailbox.host().equals(new Host.Domain(domain));
    }

    private Result retry(Claim claim, Predicate<ForwardPath> meant, String why) throws SpoolException {
        SpooledMessage message = claim.message();
        if (message.held()) {
            return Result.HELD;
        }
        List<RecipientState> waiting = message.recipients().stream()
                .filter(one -> one.isPending() && meant.test(one.recipient().path()))
                .toList();
        if (waiting.isEmpty()) {
            return Result.UNCHANGED;
        }
        if (queue.isHeldBack(message.withRecipients(waiting))) {
            return Result.HELD;
        }
        claim.change(retried(message, meant), explain(message, "retried", why));
        view.lanes(message.withRecipients(waiting)).forEach(queue::probe);
        return done(message, "retried");
    }

    private Result hold(Claim claim, boolean held, String what) throws SpoolException {
        SpooledMessage message = claim.message();
        if (message.held() == held) {
            return Result.UNCHANGED;
        }
        claim.change(message.withHeld(held), explain(message, what, "by an operator"));
        return done(message, what);
    }

    /// Whether a message is still held back as its sender wanted (RFC 4865).
    private boolean waitsForRelease(SpooledMessage message) {
        return surroundings.clock().instant().isBefore(message.released())
                && message.due().filter(message.released()::equals).isPresent();
    }

    private Result releaseEarly(Claim claim) throws SpoolException {
        SpooledMessage message = claim.message();
        claim.change(
                retried(message, path -> true),
                explain(message, "released", "before the time that its sender had set"));
        return done(message, "released");
    }

    private SpooledMessage retried(SpooledMessage message, Predicate<ForwardPath> meant) {
        Instant now = surroundings.clock().instant();
        return message.withRecipients(message.recipients().stream()
                .map(one -> one.status() instanceof Status.Pending pending
                                && meant.test(one.recipient().path())
                        ? one.with(new Status.Pending(
                                pending.attempts(), now, pending.lastProblem(), pending.delayReported()))
                        : one)
                .toList());
    }

    private Result move(Claim claim, Optional<Via> via) throws SpoolException {
        SpooledMessage message = claim.message();
        SpooledMessage moved = message.withOrders(message.orders().withVia(via));
        boolean goesElsewhere = !moved.equals(message)
                && (via.isEmpty() || !view.lanes(moved).equals(view.lanes(message.withOrders(Orders.none()))));
        if (!goesElsewhere) {
            return Result.UNCHANGED;
        }
        claim.change(
                waitsForRelease(message) ? moved : retried(moved, path -> true),
                explain(message, "moved", via.map(to -> "to " + to).orElse("back to its usual way")));
        return done(message, "moved");
    }

    private Result expire(Claim claim, Optional<Instant> end) throws SpoolException {
        SpooledMessage message = claim.message();
        SpooledMessage ordered = message.withOrders(message.orders().withEnd(end));
        if (ordered.equals(message)) {
            return Result.UNCHANGED;
        }
        Instant now = surroundings.clock().instant();
        Optional<Instant> latest = end.map(time -> time.isBefore(now) ? now : time);
        claim.change(
                latest.isEmpty() ? ordered : dueBy(ordered, latest.get()),
                explain(message, "given another end", end.map(Instant::toString).orElse("the usual one")));
        return done(message, "given another end");
    }

    /// The message with each pending recipient due at a time at the latest.
    private static SpooledMessage dueBy(SpooledMessage message, Instant latest) {
        return message.withRecipients(message.recipients().stream()
                .map(one -> one.status() instanceof Status.Pending pending
                                && pending.due().isAfter(latest)
                        ? one.with(new Status.Pending(
                                pending.attempts(), latest, pending.lastProblem(), pending.delayReported()))
                        : one)
                .toList());
    }

    private Result bounce(Claim claim, String why) throws SpoolException {
        SpooledMessage message = claim.message();
        Instant now = surroundings.clock().instant();
        Judge judge = new Judge(settings.schedules(), surroundings.random(), message, "operator", now, now);
        DeliveryOutcome failed = new DeliveryOutcome.Failed(BOUNCED, why, Optional.empty());
        List<RecipientState> states = new ArrayList<>();
        List<Judgement> judgements = new ArrayList<>();
        List<Judgement.Telling> told = new ArrayList<>();
        for (RecipientState recipient : message.recipients()) {
            states.add(
                    switch (recipient.status()) {
                        case Status.Pending _ -> {
                            Judgement judgement = judge.judge(recipient, failed);
                            judgements.add(judgement);
                            judgement.telling().ifPresent(told::add);
                            yield recipient.with(judgement.status());
                        }
                        case Status.Untold untold -> {
                            told.add(Judgement.Telling.of(recipient, untold.notice()));
                            yield recipient.with(untold.end());
                        }
                        case Status.Done _, Status.Failed _ -> recipient;
                    });
        }
        try (Reporter.Written written = reporter.write(message, content(message), told, now)) {
            List<SpoolChange> with = new ArrayList<>(written.inserts());
            with.addAll(explain(message, "bounced", why));
            claim.change(message.withRecipients(states), with);
            judgements.forEach(one -> one.events().forEach(surroundings.events()::emit));
            written.tell(surroundings.events());
            written.handOver();
        }
        return done(message, "bounced");
    }

    private Optional<Content> content(SpooledMessage message) {
        try {
            return Optional.of(surroundings.spool().content(message.id()));
        } catch (SpoolException e) {
            return Optional.empty(); // the report is written without it
        }
    }
}
