package dev.postern.delivery;

import dev.postern.delivery.Joining.Joined;
import dev.postern.queue.MailQueue;
import dev.postern.queue.Settlement;
import dev.postern.queue.Settlement.Health;
import dev.postern.queue.Surroundings;
import dev.postern.queue.Work;
import dev.postern.route.Route;
import dev.postern.route.Sites;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.spool.Content;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpoolChange;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.transport.Consignment;
import dev.postern.transport.DeliveryOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// One attempt: a message for some recipients is carried, what came of it is judged and stored
/// with its reports as one transaction, then told; or it is sent to the lane in which it belongs. Whatever happens, the
/// work goes back to the
/// queue. Used by one thread, for one work.
final class DeliveryAttempt {
    private static final EnhancedStatus OUR_FAULT = new EnhancedStatus(4, 3, 0);
    private static final Duration AFTER_OUR_FAULT = Duration.ofMinutes(5);

    private final Parts parts;
    private final Work work;
    private final Carriages carriages;
    private boolean settled;
    private boolean moved;

    /// What all attempts share.
    record Parts(
            MailQueue queue,
            DeliverySettings settings,
            LaneSorter lanes,
            TransportChoice transports,
            Reporter reporter,
            Surroundings surroundings) {}

    DeliveryAttempt(Parts parts, Work work, Carriages carriages) {
        this.parts = parts;
        this.work = work;
        this.carriages = carriages;
    }

    /// Whether there was no attempt, since the work belongs to another lane and waits there now.
    boolean hasMoved() {
        return moved;
    }

    /// Makes the attempt; never throws.
    void run() {
        try {
            attempt();
        } catch (RuntimeException | Error e) {
            broke(e);
            if (!settled) {
                giveBack();
            }
        }
    }

    private void attempt() {
        Instant began = now();
        List<RecipientState> recipients = recipients();
        boolean tooLate = work.message().isTooLate(began);
        boolean told = recipients.getFirst().status() instanceof RecipientState.Status.Untold;
        if (!told && !tooLate && work.rest().isEmpty()) {
            attempt(began, recipients);
            return;
        }
        if (told) { // so are the others of its lane
            parts.queue().end(work, rest -> report(Joining.all(recipients, rest), content()));
            return;
        }
        if (tooLate) {
            Judge judge = judge(began);
            settle(judge, recipients.stream().map(judge::tooLate).toList(), this::content, new Health.Untold());
            return;
        }
        Judge judge = judge(began);
        Work.Rest rest = work.rest().orElseThrow();
        settle(
                judge,
                recipients.stream().map(one -> judge.passOver(one, rest)).toList(),
                this::content,
                new Health.Untold());
    }

    private void attempt(Instant began, List<RecipientState> recipients) {
        String lane = work.lane().name();
        Itinerary itinerary = new Itinerary(parts.lanes(), work, this::broke);
        boolean belongsHere = itinerary.lanes().stream().allMatch(lane::equals);
        if (!belongsHere && parts.queue().move(work, itinerary.lanes())) {
            settled = true;
            moved = true;
            return;
        }
        Optional<Content> content = content();
        List<DeliveryOutcome> outcomes = content.isPresent() ? carry(itinerary, content.get()) : unreadable(recipients);
        Judge judge = judge(began);
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            judgements.add(judge.judge(recipients.get(i), outcomes.get(i)));
        }
        settle(judge, judgements, () -> content, health(outcomes));
    }

    private Instant now() {
        return parts.surroundings().clock().instant();
    }

    private Judge judge(Instant began) {
        return new Judge(parts.settings().schedules(), parts.surroundings().random(), work, began, now());
    }

    private List<RecipientState> recipients() {
        List<RecipientState> all = work.message().recipients();
        return work.recipients().stream().map(all::get).toList();
    }

    private Optional<Content> content() {
        if (work.content().isPresent()) {
            return work.content();
        }
        try {
            return Optional.of(parts.surroundings().spool().content(work.id()));
        } catch (SpoolException e) {
            return Optional.empty(); // told as the reason of the deferral
        }
    }

    private static List<DeliveryOutcome> unreadable(List<RecipientState> recipients) {
        DeliveryOutcome deferred = new DeliveryOutcome.Deferred(
                OUR_FAULT,
                "The content cannot be read from the spool.",
                Optional.empty(),
                DeliveryOutcome.Scope.RECIPIENT);
        return recipients.stream().map(_ -> deferred).toList();
    }

    /// Carries the message, once for each way that its recipients are reached by now: those of one lane
    /// may be in several mail domains, and after the configuration has changed they may belong to
    /// another.
    private List<DeliveryOutcome> carry(Itinerary itinerary, Content content) {
        Map<Integer, DeliveryOutcome> outcomes = new TreeMap<>(itinerary.settled());
        for (List<Itinerary.Leg> together : itinerary.together()) {
            List<DeliveryOutcome> some = carry(new Consignment(
                    work.message(),
                    content,
                    together.stream().map(Itinerary.Leg::stop).toList()));
            for (int i = 0; i < together.size(); i++) {
                outcomes.put(together.get(i).place(), some.get(i));
            }
        }
        return List.copyOf(outcomes.values());
    }

    private List<DeliveryOutcome> carry(Consignment consignment) {
        int stops = consignment.stops().size();
        try {
            Route route = consignment.stops().getFirst().route();
            List<DeliveryOutcome> outcomes = carriages.carry(parts.transports().transport(route), consignment);
            if (outcomes.size() == stops) {
                if (outcomes.stream().anyMatch(DeliveryAttempt::isAboutTheDomain)) {
                    parts.lanes().sites().setApart(route);
                }
                return outcomes;
            }
            throw new IllegalStateException(outcomes.size() + " outcomes for " + stops + " stops");
        } catch (RuntimeException | Error e) {
            broke(e);
            dropCarriage();
            return Collections.nCopies(stops, Itinerary.ourFault());
        }
    }

    /// A carriage that threw is not used again.
    private void dropCarriage() {
        try {
            carriages.drop();
        } catch (RuntimeException e) {
            broke(e);
        }
    }

    private static boolean isAboutTheDomain(DeliveryOutcome outcome) {
        return outcome instanceof DeliveryOutcome.Deferred deferred && deferred.scope() == DeliveryOutcome.Scope.DOMAIN;
    }

    private void broke(Throwable cause) {
        parts.surroundings()
                .events()
                .emit(new DeliveryEvent.Broke(work.id(), work.lane().name(), cause));
    }

    /// What the outcomes tell of the next hop: one answer from there and it is alive. What is with one
    /// mail domain alone tells nothing where others wait beside it.
    private Health health(List<DeliveryOutcome> outcomes) {
        boolean shared = Sites.isShared(work.lane().name());
        Health health = new Health.Untold();
        for (DeliveryOutcome outcome : outcomes) {
            switch (outcome) {
                case DeliveryOutcome.Delivered _ -> {
                    return new Health.Alive();
                }
                case DeliveryOutcome.Failed failed -> {
                    if (failed.remote().isPresent()) {
                        return new Health.Alive();
                    }
                }
                case DeliveryOutcome.Deferred deferred -> {
                    boolean isDown = deferred.scope() == DeliveryOutcome.Scope.NEXT_HOP
                            || (deferred.scope() == DeliveryOutcome.Scope.DOMAIN && !shared);
                    if (isDown) {
                        health = new Health.Down(
                                Judge.problem(deferred),
                                deferred.remote()
                                        .filter(remote -> !remote.words().isEmpty())
                                        .isPresent());
                    } else if (deferred.scope() == DeliveryOutcome.Scope.RECIPIENT
                            && deferred.remote().isPresent()) {
                        return new Health.Alive();
                    }
                }
            }
        }
        return health;
    }

    /// Stores what came of the attempt and tells of it, together with what others of the message came to.
    ///
    /// @param content asked only if the sender is told of something
    private void settle(Judge judge, List<Judgement> judgements, Supplier<Optional<Content>> content, Health health) {
        if (work.isWhole()) {
            settle(judge, Joined.alone(judgements), content, health);
        } else {
            parts.queue()
                    .end(
                            work,
                            rest -> settle(judge, new Joining(judge, rest, now()).join(judgements), content, health));
        }
    }

    /// The same. If a report cannot be stored, what does not need it is stored all the same.
    private void settle(Judge judge, Joined joined, Supplier<Optional<Content>> content, Health health) {
        SpooledMessage message = work.message();
        List<Judgement> judgements = joined.own();
        Optional<Content> toldOf = joined.told().isEmpty() ? Optional.empty() : content.get();
        try (Reporter.Written written = parts.reporter().write(message, toldOf, joined.told(), now())) {
            List<SpoolChange> with = new ArrayList<>(written.inserts());
            with.add(new SpoolChange.Explain(
                    message.id(), judgements.stream().map(Judgement::decision).toList()));
            boolean durable = !written.written().isEmpty();
            parts.queue().settle(work, new Settlement(statuses(judgements), with, durable, health, joined.others()));
            settled = true;
            judgements.forEach(this::tell);
            written.tell(parts.surroundings().events());
            written.handOver();
        } catch (SpoolException e) {
            if (!settled) {
                settleUntold(judge, judgements, health, String.valueOf(e.getMessage()));
            }
        }
    }

    /// Tells of recipients with which nothing else is left to do; later, if the report cannot be stored.
    private void report(Joined joined, Optional<Content> content) {
        try (Reporter.Written written = parts.reporter().write(work.message(), content, joined.told(), now())) {
            List<RecipientState.Status> ends = recipients().stream()
                    .map(one ->
                            one.status() instanceof RecipientState.Status.Untold untold ? untold.end() : one.status())
                    .toList();
            parts.queue()
                    .settle(work, new Settlement(ends, written.inserts(), true, new Health.Untold(), joined.others()));
            settled = true;
            written.tell(parts.surroundings().events());
            written.handOver();
        } catch (SpoolException e) {
            if (!settled) {
                giveBack();
            }
        }
    }

    private void settleUntold(Judge judge, List<Judgement> judgements, Health health, String why) {
        List<RecipientState> recipients = recipients();
        List<Judgement> untold = new ArrayList<>();
        for (int i = 0; i < recipients.size(); i++) {
            untold.add(judge.untold(recipients.get(i), judgements.get(i), why));
        }
        parts.queue().keep(work, new Settlement(statuses(untold), List.of(), false, health));
        settled = true;
        untold.forEach(this::tell);
    }

    private static List<RecipientState.Status> statuses(List<Judgement> judgements) {
        return judgements.stream().map(Judgement::status).toList();
    }

    private void tell(Judgement judgement) {
        judgement.events().forEach(parts.surroundings().events()::emit);
    }

    /// Brings the work back after a mistake of ours, or where a report has no room, to be tried again.
    private void giveBack() {
        Instant next = now().plus(AFTER_OUR_FAULT);
        List<RecipientState.Status> statuses = new ArrayList<>();
        for (RecipientState recipient : recipients()) {
            statuses.add(
                    switch (recipient.status()) {
                        case RecipientState.Status.Pending pending ->
                            new RecipientState.Status.Pending(
                                    pending.attempts() + 1,
                                    next,
                                    Optional.of("4.3.0 internal error"),
                                    pending.delayReported());
                        case RecipientState.Status.Untold untold ->
                            new RecipientState.Status.Untold(untold.end(), untold.notice(), next);
                        case RecipientState.Status.Done _, RecipientState.Status.Failed _ -> recipient.status();
                    });
        }
        parts.queue().keep(work, new Settlement(statuses, List.of(), false, new Health.Untold()));
    }
}
