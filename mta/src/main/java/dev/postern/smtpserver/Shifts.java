package dev.postern.smtpserver;

import java.util.concurrent.ThreadFactory;

/// Lives sessions on virtual threads, each on one at a time: a new one for each wait for its client.
///
/// The stack of a virtual thread lies in the heap, and there it keeps the room of the deepest wait that it ever had,
/// and a second piece for each wait after the first has grown old. A thread that has done nothing yet waits with
/// little. Nobody knows beforehand which wait becomes a long one, and a new thread costs less than a timer that tells.
final class Shifts {
    private final ThreadFactory threads;

    /// @param name of the threads
    Shifts(String name) {
        threads = Thread.ofVirtual().name(name).factory();
    }

    /// Begins to live a session.
    ///
    /// @param after done when it is over, by its last thread
    void live(ServerSession session, Runnable after) {
        threads.newThread(() -> {
                    boolean over = true;
                    try {
                        over = session.live();
                    } finally {
                        if (over) {
                            after.run();
                        }
                    }
                    if (!over) {
                        live(session, after);
                    }
                })
                .start();
    }
}
