package dev.postern.tlspolicy.mtasts;

import dev.postern.event.Events;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/// Brings policies to disk and back. No mail waits for it.
///
/// For one thread that calls {@link #saveOrTell} now and then; `writing` is held while a text is written and guards
/// what
/// was saved, so that another one may save at the end.
public final class PolicyKeeper {
    private final StsPolicies policies;
    private final PolicyStore store;
    private final Events events;
    private final ReentrantLock writing = new ReentrantLock();
    private long saved;
    private boolean failing;

    /// Reads what was kept; what cannot be read is told. A file that is something else is put aside, lines that were
    /// damaged are left out.
    public PolicyKeeper(StsPolicies policies, PolicyStore store, Events events) {
        this.policies = policies;
        this.store = store;
        this.events = events;
        load();
        saved = policies.version();
    }

    private void load() {
        try {
            byte[] octets = store.read();
            if (octets.length == 0) {
                return;
            }
            switch (KeptText.parse(octets)) {
                case KeptText.Result.Good good -> {
                    policies.restore(good.policies());
                    if (good.damaged() > 0) {
                        events.emit(new StsEvent.StsPoliciesUnreadable(
                                store.name(), good.damaged(), "some lines are damaged and were left out"));
                    }
                }
                case KeptText.Result.Bad(String why) -> {
                    events.emit(new StsEvent.StsPoliciesUnreadable(store.name(), 0, why));
                    store.putAside();
                }
            }
        } catch (IOException e) {
            events.emit(new StsEvent.StsPoliciesUnreadable(store.name(), 0, IoFault.sentence(e)));
        }
    }

    /// Saves, and tells once that it does not work, until it does.
    public void saveOrTell() {
        try {
            save();
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                events.emit(new StsEvent.StsPoliciesNotSaved(store.name(), IoFault.sentence(e)));
            }
            failing = true;
        }
    }

    /// Brings the policies to disk if they have changed; they are there when it returns.
    public void save() throws IOException {
        writing.lock();
        try {
            if (policies.version() == saved) {
                return;
            }
            StsPolicies.Remembered now = policies.remembered();
            store.write(KeptText.of(now.policies()));
            saved = now.version();
        } finally {
            writing.unlock();
        }
    }
}
