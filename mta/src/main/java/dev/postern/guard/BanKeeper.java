package dev.postern.guard;

import dev.postern.event.Events;
import dev.postern.kept.Keeper;
import dev.postern.kept.KeptStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Brings the bans to disk and tells when they are over. What is new is on disk within a second, however many bans
/// come; no session waits for it.
///
/// Run by one thread of its own; {@link #save} may come from others.
public final class BanKeeper implements Runnable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final ClientGuard guard;
    private final Keeper keeper;

    /// Reads what was kept; what cannot be read is put aside and told, and nobody is banned then.
    public BanKeeper(KeptStore store, ClientGuard guard, Events events) {
        this.guard = guard;
        this.keeper = new Keeper(new BanMemory(guard.bans(), store.name()), store, events);
    }

    /// Works until it is interrupted, then saves what is left to save.
    @Override
    public void run() {
        try {
            while (true) {
                guard.bans().sweep(guard.memory());
                keeper.saveOrTell();
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            keeper.saveOrTell();
            Thread.currentThread().interrupt();
        }
    }

    /// Brings the bans to disk if they have changed; they are there when it returns.
    public void save() throws IOException {
        keeper.save();
    }
}
