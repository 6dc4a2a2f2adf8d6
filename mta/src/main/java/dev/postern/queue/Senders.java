package dev.postern.queue;

import dev.postern.spool.DueEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the senders of one lane have in memory and on disk: who may have how much room, and from where in the schedule
/// on whose mail is read. Guarded by the queue's lock.
///
/// A sender of whom something was passed by, since there was no room, has a *cursor* at the first such entry; until it
/// is gone only the reading from there feeds him, so that nothing of his overtakes. Senders without one do not wait
/// for those who have. The first {@link #OWN_CURSORS} have one each, all others share one; of these so many are known
/// by name, and if there are more still, every sender without a cursor of his own counts as one of them.
final class Senders {
    /// How many senders of a lane have a cursor of their own.
    static final int OWN_CURSORS = 32;

    /// How many of those who share a cursor are known by name.
    static final int KNOWN_AMONG_REST = 1024;

    private static final int URGENT_ROUNDS = 2;
    private static final int OWN_ROUNDS = 8;
    private static final int OWN_PART = 4;

    /// What is known of one sender, or of those who share a cursor.
    static final class Account {
        private final @Nullable Sender sender;
        private int waiting;
        private @Nullable DueEntry resume;
        private boolean reading;

        private Account(@Nullable Sender sender) {
            this.sender = sender;
        }

        private boolean isIdle() {
            return waiting == 0 && resume == null;
        }
    }

    /// What there is to divide.
    ///
    /// @param limit how many attempts the lane makes at once
    /// @param freePlaces places that are free in memory, of all lanes
    record Room(int limit, int freePlaces) {
        /// How many works may wait in a lane: never more than there are free places, so that the first lane to be
        /// flooded leaves half of the room to others, the second a quarter, and so on; but always two for
        /// each attempt.
        int common() {
            return Math.max(2 * limit, freePlaces);
        }

        /// How many works of senders with little to do may wait besides.
        int own() {
            return Math.min(OWN_ROUNDS * limit, freePlaces / OWN_PART);
        }
    }

    private final Map<Sender, Account> accounts = new HashMap<>(2);
    private final Account rest = new Account(null);

    /// The one of whom nothing waits since last, kept for when he comes again.
    private @Nullable Account idle;

    private final Set<Sender> amongRest = new HashSet<>(2);

    /// Those who have a cursor, `rest` included.
    private final Set<Account> backlogged = new LinkedHashSet<>(2);

    /// Those for whom the schedule is being read.
    private final List<Account> readers = new ArrayList<>(0);

    /// The first entry that was passed by since the reader asked for its last window.
    private @Nullable DueEntry news;

    /// Whether somebody with little to do found no room.
    private boolean turnedAway;

    private int common;
    private int own;
    private int urgent;

    /// Whether something waits on disk since there was no room.
    boolean hasBacklog() {
        return !backlogged.isEmpty();
    }

    // Room in memory.

    /// The room for one more work of a sender.
    ///
    /// @param feeding whether it comes from the schedule that is being read for this lane; else it may not
    ///     overtake what was passed by of its sender
    Seat seat(Sender sender, boolean isUrgent, Room room, boolean feeding) {
        Account account = governing(sender);
        int waiting = account == null ? 0 : account.waiting;
        if (account == null || account.resume == null || (feeding && account.reading)) {
            if (common < room.common() && waiting < quota(room)) {
                return Seat.COMMON;
            }
            if (waiting < few(room)) {
                return Seat.OWN;
            }
        }
        turnedAway |= waiting < room.limit();
        return isUrgent && urgent < URGENT_ROUNDS * room.limit() ? Seat.URGENT : Seat.NONE;
    }

    /// How many works one sender may have waiting in the common room: all, or his part of it where several have more on
    /// disk.
    private int quota(Room room) {
        return backlogged.size() < 2 ? room.common() : Math.max(room.limit(), room.common() / backlogged.size());
    }

    /// How many works a sender may have waiting who is let in beside a full lane: as many as make one round of its
    /// attempts, and the fewer the less room there is for such; the last seats are for those who have none.
    private int few(Room room) {
        int free = room.own() - own;
        return free <= 0 ? 0 : Math.min(room.limit(), Math.max(1, free / OWN_PART));
    }

    /// Notes that a work has its seat.
    ///
    /// @return the account that it is on
    Account sit(Sender sender, Seat seat) {
        count(seat, 1);
        Account known = governing(sender);
        Account account = known == null ? accounts.computeIfAbsent(sender, Account::new) : known;
        account.waiting += seat == Seat.URGENT ? 0 : 1;
        return account;
    }

    /// Notes that a work has left its seat.
    void rise(Account account, Seat seat) {
        count(seat, -1);
        account.waiting -= seat == Seat.URGENT ? 0 : 1;
        forget(account);
    }

    private void count(Seat seat, int by) {
        switch (seat) {
            case COMMON -> common += by;
            case OWN -> own += by;
            case URGENT -> urgent += by;
            case NONE -> throw new IllegalStateException("a work without a seat");
        }
    }

    private void forget(Account account) {
        if (account == idle || account.sender == null || !account.isIdle()) {
            return;
        }
        if (idle != null && idle.sender != null && idle.isIdle()) {
            accounts.remove(idle.sender, idle);
        }
        idle = account;
    }

    /// The account that a sender's mail goes by; null if nothing is known of him.
    private @Nullable Account governing(Sender sender) {
        Account account = accounts.get(sender);
        return (account != null && account.resume != null) || !isAmongRest(sender) ? account : rest;
    }

    private boolean isAmongRest(Sender sender) {
        return rest.resume != null && (amongRest.size() >= KNOWN_AMONG_REST || amongRest.contains(sender));
    }

    // The backlog on disk.

    /// Remembers that an entry of the schedule stays on disk.
    ///
    /// @param feeding whether it was met by the reading for this lane, which goes on without its sender
    void passBy(Sender sender, DueEntry entry, boolean feeding) {
        Account account = backlogOf(sender);
        if (account.resume == null || entry.compareTo(account.resume) < 0) {
            account.resume = entry;
        }
        backlogged.add(account);
        if (feeding) {
            account.reading = false;
            readers.remove(account);
        } else if (news == null || entry.compareTo(news) < 0) {
            news = entry;
        }
    }

    private Account backlogOf(Sender sender) {
        Account account = governing(sender);
        if (account != null && account.resume != null) {
            return account;
        }
        if (backlogged.size() < OWN_CURSORS) {
            return account != null ? account : accounts.computeIfAbsent(sender, Account::new);
        }
        if (amongRest.size() < KNOWN_AMONG_REST) {
            amongRest.add(sender);
        }
        return rest;
    }

    /// Whether any sender should be fed from disk: before he runs dry, but not for each single work.
    boolean isHungry(Room room) {
        for (Account account : backlogged) {
            if (isHungry(account, room)) {
                return true;
            }
        }
        return false;
    }

    private boolean isHungry(Account account, Room room) {
        if (account.resume == null) {
            return false;
        }
        return common < room.common()
                ? account.waiting <= Math.min(quota(room), Math.max(0, room.freePlaces())) / 2
                : account.waiting < (few(room) + 1) / 2;
    }

    /// Whether the reader should look after this lane now that a work has left its seat.
    boolean isHungryAfter(Account account, Seat seat, Room room) {
        if (backlogged.isEmpty()) {
            return false;
        }
        boolean makesRoom = seat == Seat.OWN && turnedAway;
        turnedAway &= !makesRoom;
        return makesRoom
                || isHungry(account, room)
                || (common < room.common() && common + own <= room.freePlaces() / 2);
    }

    // The reading of the schedule for this lane.

    /// Begins to read for those who are hungry.
    void beginReading(Room room) {
        endReading();
        for (Account account : backlogged) {
            if (isHungry(account, room)) {
                account.reading = true;
                readers.add(account);
            }
        }
    }

    private void endReading() {
        readers.forEach(account -> account.reading = false);
        readers.clear();
    }

    /// From which entry on to ask for the next window; empty if nobody is left to read for.
    Optional<DueEntry> beginWindow() {
        news = null;
        DueEntry first = null;
        for (Account account : readers) {
            if (account.resume != null && (first == null || account.resume.compareTo(first) < 0)) {
                first = account.resume;
            }
        }
        return Optional.ofNullable(first);
    }

    /// Whether the reading may go on to an entry: nothing before it was passed by since the window was asked for.
    boolean mayRead(DueEntry entry) {
        return news == null || news.compareTo(entry) > 0;
    }

    /// Whether there is anybody left to read for.
    ///
    /// @param onTheWay messages of which it is not yet known whose they are
    boolean isReading(Room room, int onTheWay) {
        boolean alone = backlogged.size() == 1 && own == 0;
        return !readers.isEmpty() && (!alone || common + onTheWay < room.common());
    }

    /// The reading goes on to an entry: everything before has been given out.
    void readOn(DueEntry entry) {
        for (Account account : readers) {
            if (account.resume != null && account.resume.compareTo(entry) < 0) {
                account.resume = entry;
            }
        }
    }

    /// An entry to which the reading went on could not be read.
    void readAgain(DueEntry entry) {
        for (Account account : readers) {
            if (account.resume != null && entry.compareTo(account.resume) < 0) {
                account.resume = entry;
            }
        }
    }

    /// Those for whom was read have got everything.
    ///
    /// @return whether they have, rather than something was passed by meanwhile
    boolean finishReading() {
        if (news != null) {
            return false;
        }
        for (Account account : readers) {
            account.resume = null;
            backlogged.remove(account);
            forget(account);
        }
        if (rest.resume == null) {
            amongRest.clear();
        }
        endReading();
        return true;
    }
}
