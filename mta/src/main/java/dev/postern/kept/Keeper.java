package dev.postern.kept;

import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Brings a memory to disk and back; nobody who uses it waits for that.
///
/// For one thread that calls {@link #saveOrTell} now and then; {@link #save} may come from others: `writing` is held
/// while a text is written, and guards what was saved.
public final class Keeper {
    private final Memory memory;
    private final KeptStore store;
    private final Events events;
    private final ReentrantLock writing = new ReentrantLock();
    private long saved;
    private boolean failing;

    /// Reads what was kept; what cannot be read is told, and put aside where it is something else.
    public Keeper(Memory memory, KeptStore store, Events events) {
        this.memory = memory;
        this.store = store;
        this.events = events;
        load();
        saved = memory.version();
    }

    private void load() {
        try {
            byte[] octets = store.read();
            if (octets.length == 0) {
                return;
            }
            Optional<String> foreign = memory.restore(octets);
            if (foreign.isPresent()) {
                events.emit(memory.unreadable(foreign.get()));
                store.putAside();
            }
        } catch (IOException e) {
            events.emit(memory.unreadable(IoFault.sentence(e)));
        }
    }

    /// Saves, and tells once that it does not work, until it does.
    public void saveOrTell() {
        try {
            save();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                events.emit(memory.notSaved(IoFault.sentence(e)));
            }
            failing = true;
        }
    }

    /// Brings the memory to disk if it has changed; it is there when this returns.
    public void save() throws IOException {
        writing.lock();
        try {
            if (memory.version() == saved) {
                return;
            }
            Memory.Remembered now = memory.remembered();
            store.write(now.text());
            saved = now.version();
        } finally {
            writing.unlock();
        }
    }
}
