package dev.postern.queue;

import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.spool.SpooledMessage;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A message for those of its recipients that share a lane, taken by one worker for one attempt.
///
/// Whoever has taken it must bring it back by {@link MailQueue#settle} or {@link MailQueue#keep}.
/// Its fields belong to the queue's lock until it is taken, then to the one who took it.
public final class Work {
    private final ActiveMessage owner;
    private final Lane lane;
    private final List<Integer> recipients;
    private final Turn turn;
    private final Seat seat;
    private final Senders.Account account;
    private List<Integer> borrowed = List.of();
    private boolean withdrawn;
    private @Nullable SpooledMessage message;
    private @Nullable Content content;
    private @Nullable Rest rest;
    private Throttle.Mark mark = Throttle.Mark.NONE;

    /// A lane that is left alone for a while.
    ///
    /// @param until when its next hop is tried again
    /// @param problem why it is left alone, the enhanced status first
    public record Rest(Instant until, String problem) {}

    /// A work that takes its seat in its lane.
    Work(ActiveMessage owner, Lane lane, List<Integer> recipients, Seat seat) {
        this.owner = owner;
        this.seat = seat;
        this.account = lane.senders.sit(owner.sender(), seat);
        this.lane = lane;
        this.recipients = List.copyOf(recipients);
        this.turn = new Turn(
                owner.dueSince(recipients.getFirst()),
                owner.current().parameters().handling().urgency());
    }

    /// The name of the message.
    public QueueId id() {
        return owner.id;
    }

    /// The message as it was when the work was taken; the state of its {@link #recipients}
    /// changes through this work only.
    public SpooledMessage message() {
        if (message == null) {
            throw new IllegalStateException("work that nobody has taken");
        }
        return message;
    }

    /// The positions of the recipients in {@link SpooledMessage#recipients}, ascending.
    public List<Integer> recipients() {
        return recipients;
    }

    /// The lane it waited in.
    public Lane lane() {
        return lane;
    }

    /// The content, where it is still in memory; else it is read from the spool.
    public Optional<Content> content() {
        return Optional.ofNullable(content);
    }

    /// Present where no attempt shall be made now, since the lane rests: the recipients are
    /// deferred instead.
    public Optional<Rest> rest() {
        return Optional.ofNullable(rest);
    }

    /// Whether it is for all recipients that its message ever had.
    public boolean isWhole() {
        return recipients.size() == message().recipients().size();
    }

    boolean has(int recipient) {
        return Collections.binarySearch(recipients, recipient) >= 0;
    }

    /// Takes further recipients of the message that nobody has, until it is given back.
    void borrow(List<Integer> free) {
        borrowed = free;
    }

    List<Integer> borrowed() {
        return borrowed;
    }

    ActiveMessage owner() {
        return owner;
    }

    /// When its turn is, beside others.
    Turn turn() {
        return turn;
    }

    /// The room that it takes while it waits.
    Seat seat() {
        return seat;
    }

    /// On whose account it waits.
    Senders.Account account() {
        return account;
    }

    /// Whose mail it is.
    Sender sender() {
        return owner.sender();
    }

    /// Somebody else takes these recipients; the lane passes over it.
    void withdraw() {
        withdrawn = true;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    /// What its lane knew when it was taken.
    Throttle.Mark mark() {
        return mark;
    }

    /// A worker takes it.
    ///
    /// @param known what its lane knows
    void take(@Nullable Rest laneRests, Throttle.Mark known) {
        mark = known;
        message = owner.current();
        content = owner.content;
        rest = laneRests;
    }
}
