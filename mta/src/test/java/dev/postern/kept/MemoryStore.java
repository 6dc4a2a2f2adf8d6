package dev.postern.kept;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// A store in memory whose disk is full when a test says so; used by any number of threads.
public final class MemoryStore implements KeptStore {
    private final AtomicReference<String> kept = new AtomicReference<>("");
    private final AtomicReference<String> aside = new AtomicReference<>("");
    private final AtomicBoolean full = new AtomicBoolean();

    /// A store that holds a text.
    public static MemoryStore with(String text) {
        MemoryStore store = new MemoryStore();
        store.kept.set(text);
        return store;
    }

    /// What is kept.
    public String text() {
        return kept.get();
    }

    /// What was put aside.
    public String aside() {
        return aside.get();
    }

    /// Whether it takes nothing.
    public void fill(boolean now) {
        full.set(now);
    }

    @Override
    public String name() {
        return "kept.test";
    }

    @Override
    public byte[] read() {
        return kept.get().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void write(String text) throws IOException {
        if (full.get()) {
            throw new IOException("no space left on device");
        }
        kept.set(text);
    }

    @Override
    public void putAside() {
        aside.set(kept.getAndSet(""));
    }
}
