package dev.postern.queue;

import dev.postern.event.Events;
import dev.postern.kept.KeptStore;
import dev.postern.queue.Holds.Hold;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// The rules by which operators keep mail back, over a restart; used by any number of threads.
///
/// `changing` is held while a rule is made or lifted, which includes the write to disk; whoever sorts mail reads the
/// present rules without it.
public final class HoldBook {
    /// How many rules there may be.
    public static final int MOST = 1000;

    /// The longest reason, in characters.
    public static final int LONGEST_REASON = 200;

    private final KeptStore store;
    private final InstantSource clock;
    private final Events events;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Holds present;

    /// Reads the rules.
    ///
    /// @throws IOException with a sentence, if they cannot be read: mail that is to be kept back must not leave
    public HoldBook(KeptStore store, InstantSource clock, Events events) throws IOException {
        this.store = store;
        this.clock = clock;
        this.events = events;
        byte[] octets = store.read();
        try {
            present = new Holds(octets.length == 0 ? List.of() : HoldText.parse(octets));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the rules that keep mail back, in " + store.name() + ", cannot be read: " + e.getMessage()
                            + "; mend that file, or take it away to let that mail go",
                    e);
        }
    }

    /// The rules that hold now.
    public Holds present() {
        return present;
    }

    /// The same lanes, but for mail that is kept back.
    public Sorter sorting(Sorter usual) {
        return new HoldingSorter(usual, this);
    }

    /// Has a queue keep to the rules that were read; before anything is sent.
    public void begin(MailQueue queue) {
        present.all().forEach(hold -> queue.holdLane(hold.rule().lane()));
    }

    /// Keeps mail back from now on; on disk on return. Attempts under way go on.
    ///
    /// @param why the operator's reason
    /// @return false if it was so already
    /// @throws IllegalArgumentException with a sentence, if there are too many rules or the reason is too long
    public boolean hold(MailQueue queue, HoldRule rule, String why) throws IOException {
        if (why.length() > LONGEST_REASON || why.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new IllegalArgumentException(
                    "the reason must be at most " + LONGEST_REASON + " characters on one line");
        }
        changing.lock();
        try {
            if (present.find(rule).isPresent()) {
                return false;
            }
            List<Hold> next = new ArrayList<>(present.all());
            if (next.size() >= MOST) {
                throw new IllegalArgumentException("there are " + MOST + " rules already: lift some first");
            }
            next.add(new Hold(rule, clock.instant(), why));
            store.write(HoldText.of(next));
            queue.holdLane(rule.lane());
            present = new Holds(next);
            queue.sortAgain();
        } finally {
            changing.unlock();
        }
        events.emit(new QueueEvent.HoldMade(rule.kind(), rule.name(), why));
        return true;
    }

    /// Lets mail go that was kept back by a rule.
    ///
    /// @return false if there was no such rule
    public boolean lift(MailQueue queue, HoldRule rule) throws IOException {
        changing.lock();
        try {
            if (present.find(rule).isEmpty()) {
                return false;
            }
            List<Hold> next = new ArrayList<>(present.all());
            next.removeIf(hold -> hold.rule().equals(rule));
            store.write(HoldText.of(next));
            present = new Holds(next);
            queue.sortAgain();
            queue.releaseLane(rule.lane());
        } finally {
            changing.unlock();
        }
        events.emit(new QueueEvent.HoldLifted(rule.kind(), rule.name()));
        return true;
    }
}
