package dev.postern.blackbox.ledger;

import java.util.OptionalInt;

/// Tells the sessions of a load when the server can be reached. Touched by many threads; its own monitor guards every
/// field.
final class Gate {
    private int openings;
    private boolean open;
    private boolean ended;

    /// The server is up.
    synchronized void open() {
        openings++;
        open = true;
        notifyAll();
    }

    /// The server is about to be killed: what fails from now on is expected to.
    synchronized void shut() {
        open = false;
    }

    /// No session is to begin any more.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Whether sessions may go on.
    synchronized boolean isEnded() {
        return ended;
    }

    /// Whether the server has been up without a break since this opening.
    synchronized boolean isOpenSince(int opening) {
        return open && openings == opening;
    }

    /// Waits for an opening after the given one.
    ///
    /// @param after 0 for any
    /// @return its number, from 1; empty at the end
    synchronized OptionalInt awaitOpening(int after) throws InterruptedException {
        while (!ended && !(open && openings > after)) {
            wait();
        }
        return ended ? OptionalInt.empty() : OptionalInt.of(openings);
    }
}
