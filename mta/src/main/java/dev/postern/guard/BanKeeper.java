package dev.postern.guard;

import dev.postern.event.Events;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Brings the bans to disk and tells when they are over. What is new is on disk within a second, however many bans
/// come; no session waits for it.
///
/// Run by one thread of its own; {@link #save} may come from others, `writing` is held while a text is written, and
/// guards what was saved.
public final class BanKeeper implements Runnable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Bans bans;
    private final BanStore store;
    private final ClientGuard guard;
    private final Events events;
    private final ReentrantLock writing = new ReentrantLock();
    private long saved;
    private boolean failing;

    /// Reads what was kept; what cannot be read is put aside and told, and nobody is banned then.
    public BanKeeper(BanStore store, ClientGuard guard, Events events) {
        this.store = store;
        this.guard = guard;
        this.bans = guard.bans();
        this.events = events;
        load();
        saved = bans.version();
    }

    private void load() {
        try {
            byte[] octets = store.read();
            if (octets.length == 0) {
                return;
            }
            switch (BanText.parse(octets)) {
                case BanText.Result.Good(var kept) -> bans.restore(kept);
                case BanText.Result.Bad(String why) -> {
                    events.emit(new GuardEvent.BansUnreadable(store.name(), why));
                    store.putAside();
                }
            }
        } catch (IOException e) {
            events.emit(new GuardEvent.BansUnreadable(store.name(), String.valueOf(e.getMessage())));
        }
    }

    /// Works until it is interrupted, then saves what is left to save.
    @Override
    public void run() {
        try {
            while (true) {
                bans.sweep(guard.memory());
                saveOrTell();
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            saveOrTell();
            Thread.currentThread().interrupt();
        }
    }

    /// Tells once that it does not work, until it does.
    private void saveOrTell() {
        try {
            save();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                events.emit(new GuardEvent.BansNotSaved(store.name(), String.valueOf(e.getMessage())));
            }
            failing = true;
        }
    }

    /// Brings the bans to disk if they have changed; they are there when it returns.
    public void save() throws IOException {
        writing.lock();
        try {
            if (bans.version() == saved) {
                return;
            }
            Bans.Remembered now = bans.remembered();
            store.write(BanText.of(now.bans()));
            saved = now.version();
        } finally {
            writing.unlock();
        }
    }
}
