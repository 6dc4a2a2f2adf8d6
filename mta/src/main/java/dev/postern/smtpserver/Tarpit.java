package dev.postern.smtpserver;

import java.util.concurrent.atomic.AtomicInteger;

/// Counts the sessions whose replies are held back, so that slow ones do not take the room of all others. Touched by
/// all sessions.
public final class Tarpit {
    private final AtomicInteger present = new AtomicInteger();

    /// A session comes in, if there is room.
    ///
    /// @param most so many sessions have room
    /// @return whether it is in, and has to leave in the end
    boolean enter(int most) {
        if (present.incrementAndGet() <= most) {
            return true;
        }
        present.decrementAndGet();
        return false;
    }

    /// A session that was in ends.
    void leave() {
        present.decrementAndGet();
    }

    /// How many sessions are in.
    int present() {
        return present.get();
    }
}
