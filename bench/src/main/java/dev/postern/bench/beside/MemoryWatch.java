package dev.postern.bench.beside;

import java.io.IOException;
import java.time.Duration;

/// Looks at the memory of a process tree now and then, from the start until it is closed.
///
/// Its own thread looks; the peaks are read after the end of that thread.
final class MemoryWatch implements AutoCloseable {
    // The kernel adds up the pages of every process at each look, and that costs the looked-at time.
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ProcessTree tree;
    private final Thread looking;
    private long resident;
    private long proportional;
    private boolean failed;

    private MemoryWatch(ProcessTree tree) {
        this.tree = tree;
        this.looking = Thread.ofPlatform().name("memory-watch").unstarted(this::look);
    }

    static MemoryWatch start(ProcessTree tree) {
        MemoryWatch watch = new MemoryWatch(tree);
        watch.looking.start();
        return watch;
    }

    private void look() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                resident = Math.max(resident, tree.residentOctets());
                proportional = Math.max(proportional, tree.proportionalOctets());
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException end) {
            // How the watch is ended.
            Thread.currentThread().interrupt();
        } catch (IOException unreadable) {
            System.err.println("bench: the memory of " + tree.roots() + " cannot be read: " + unreadable);
            failed = true;
        }
    }

    /// Ends the watch and gives the most it saw.
    Peak end() throws IOException, InterruptedException {
        looking.interrupt();
        looking.join();
        if (failed) {
            throw new IOException("no figures of memory");
        }
        return new Peak(resident, proportional);
    }

    /// The most memory of a tree at once.
    ///
    /// @param residentOctets see {@link ProcessTree#residentOctets}
    /// @param proportionalOctets see {@link ProcessTree#proportionalOctets}
    record Peak(long residentOctets, long proportionalOctets) {}

    @Override
    public void close() {
        looking.interrupt();
    }
}
