package dev.postern.queue;

import dev.postern.spool.Content;
import dev.postern.spool.DueEntry;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A message in memory: the one owner of its state while parts of it wait in lanes, are being
/// delivered, or are in an operator's hands.
///
/// Touched by many threads. The queue's lock guards every field; `saving` is held around each
/// change of the stored message, so that changes reach the spool in the order in which they were
/// made here. Order of locks: `saving`, then the queue's lock.
final class ActiveMessage {
    final QueueId id;
    final ReentrantLock saving = new ReentrantLock();

    /// The works of this message that wait in a lane.
    final List<Work> waiting = new ArrayList<>(1);

    /// The recipients that some work has.
    final BitSet claimed = new BitSet();

    int inFlight;
    /// Whether an operator, or the reader of the schedule, has all that no attempt has: nothing
    /// more of it goes out.
    boolean reserved;

    /// Whether `current` is ahead of `saved`, since the spool refused.
    boolean unsaved;

    @Nullable
    Content content;

    /// Where it stands among the reviews, if it does.
    @Nullable
    DueEntry review;

    private @Nullable SpooledMessage current;
    private @Nullable SpooledMessage saved;
    private @Nullable Sender sender;
    private List<String> lanes = List.of();

    /// Recipients that were moved to another lane.
    private final BitSet moved = new BitSet(0);

    /// A message that is still to be read.
    ActiveMessage(QueueId id) {
        this.id = id;
    }

    /// The message has been read, or was handed over.
    void load(SpooledMessage message, List<String> laneNames) {
        current = message;
        saved = message;
        sender = Sender.of(message);
        lanes = laneNames;
    }

    boolean isLoaded() {
        return current != null;
    }

    SpooledMessage current() {
        return Objects.requireNonNull(current, "not read yet");
    }

    /// Whose mail it is.
    Sender sender() {
        return Objects.requireNonNull(sender, "not read yet");
    }

    /// The message as the spool has it.
    SpooledMessage saved() {
        return Objects.requireNonNull(saved, "not read yet");
    }

    /// The message has come further, and the spool knows it.
    void saved(SpooledMessage message) {
        current = message;
        saved = message;
        unsaved = false;
    }

    /// The message has come further, and the spool has yet to learn it.
    void unsaved(SpooledMessage message) {
        current = message;
        unsaved = true;
    }

    /// The name of the lane of a recipient.
    String lane(int recipient) {
        return current().recipients().get(recipient).status() instanceof RecipientState.Status.Untold
                ? Sorter.REPORTS
                : lanes.get(recipient);
    }

    /// Whether the recipients belong to these lanes.
    boolean hasLanes(List<String> laneNames) {
        return lanes.equals(laneNames);
    }

    /// The recipients belong to other lanes than was thought.
    void sort(List<String> laneNames) {
        lanes = laneNames;
        moved.clear();
    }

    /// Some recipients belong to other lanes than was thought when the message became active; once each, so that nobody
    /// is sent about for ever.
    ///
    /// @param names of their lanes, in their order
    /// @return whether they go there
    boolean move(List<Integer> recipients, List<String> names) {
        if (recipients.stream().anyMatch(moved::get)) {
            return false;
        }
        List<String> others = moved.isEmpty() ? new ArrayList<>(lanes) : lanes;
        for (int i = 0; i < recipients.size(); i++) {
            others.set(recipients.get(i), names.get(i));
            moved.set(recipients.get(i));
        }
        lanes = others;
        return true;
    }

    /// How much room it takes.
    int places() {
        return current().recipients().size();
    }

    /// Where it stands in the stored schedule, or just before, since the spool need not keep less
    /// than milliseconds; empty where it does not stand there.
    Optional<DueEntry> entry() {
        return saved().due().map(due -> new DueEntry(due.truncatedTo(ChronoUnit.MILLIS), id));
    }

    /// The recipients whose time has come and that nobody has.
    BitSet dueAndFree(Instant now) {
        BitSet free = new BitSet();
        List<RecipientState> states = current().recipients();
        for (int i = 0; i < states.size(); i++) {
            Optional<Instant> due =
                    claimed.get(i) ? Optional.empty() : states.get(i).due();
            if (due.isPresent() && !due.get().isAfter(now)) {
                free.set(i);
            }
        }
        return free;
    }

    /// Since when a pending recipient waits to be tried.
    Instant dueSince(int recipient) {
        return current()
                .recipients()
                .get(recipient)
                .due()
                .orElseGet(() -> current().arrived());
    }

    /// Whether it goes before others.
    boolean isUrgent() {
        return current().parameters().handling().urgency().isUrgent();
    }

    /// When the next recipient that nobody has is due.
    Optional<Instant> nextFree() {
        Instant next = null;
        List<RecipientState> states = current().recipients();
        for (int i = 0; i < states.size(); i++) {
            Optional<Instant> due =
                    claimed.get(i) ? Optional.empty() : states.get(i).due();
            if (due.isPresent() && (next == null || due.get().isBefore(next))) {
                next = due.get();
            }
        }
        return Optional.ofNullable(next);
    }

    /// The message as it is to be stored: recipients that are due but found no room in their lane
    /// travel with the next one of the same message that comes due, since the schedule knows a
    /// message by its earliest recipient only.
    static SpooledMessage withPutOff(SpooledMessage message, BitSet putOff, Instant now) {
        Optional<Instant> next = message.recipients().stream()
                .map(RecipientState::due)
                .flatMap(Optional::stream)
                .filter(now::isBefore)
                .min(Instant::compareTo);
        if (putOff.isEmpty() || next.isEmpty()) {
            return message;
        }
        List<RecipientState> states = new ArrayList<>(message.recipients());
        putOff.stream()
                .forEach(i ->
                        states.set(i, states.get(i).with(putOff(states.get(i).status(), next.get()))));
        return message.withRecipients(states);
    }

    private static RecipientState.Status putOff(RecipientState.Status status, Instant to) {
        return switch (status) {
            case RecipientState.Status.Pending pending ->
                new RecipientState.Status.Pending(
                        pending.attempts(), to, pending.lastProblem(), pending.delayReported());
            case RecipientState.Status.Untold untold ->
                new RecipientState.Status.Untold(untold.end(), untold.notice(), to);
            case RecipientState.Status.Done _, RecipientState.Status.Failed _ -> status;
        };
    }

    /// What else there is of the message than a work that ends; those that nobody has are that work's until it is
    /// given back.
    Siblings siblings(Work work) {
        BitSet inLanes = new BitSet();
        waiting.forEach(one -> one.recipients().forEach(inLanes::set));
        List<Integer> free = new ArrayList<>();
        List<Integer> tried = new ArrayList<>();
        List<Integer> toBeTried = new ArrayList<>();
        List<RecipientState> states = current().recipients();
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i).due().isEmpty() || work.has(i)) {
                continue;
            }
            if (!claimed.get(i)) {
                free.add(i);
            } else {
                (inLanes.get(i) ? toBeTried : tried).add(i);
            }
        }
        if (!reserved) {
            free.forEach(claimed::set);
            work.borrow(free);
        }
        return new Siblings(current(), reserved ? List.of() : free, tried, toBeTried);
    }

    /// Whether nobody has any part of it.
    boolean isIdle() {
        return waiting.isEmpty() && inFlight == 0 && !reserved && !unsaved;
    }
}
