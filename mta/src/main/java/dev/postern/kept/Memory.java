package dev.postern.kept;

import dev.postern.event.Event;
import java.util.Optional;

/// What the server knows and would lose by a restart; used by any number of threads.
public interface Memory {
    /// Another number whenever it has changed.
    long version();

    /// All of it now.
    Remembered remembered();

    /// Takes over what was kept.
    ///
    /// @param octets at least one
    /// @return why it is something else, as a sentence; empty where it was taken over
    Optional<String> restore(byte[] octets);

    /// Tells that what was kept cannot be read.
    Event unreadable(String why);

    /// Tells that it is not on disk; it is tried again.
    Event notSaved(String why);

    /// It as it was at one moment.
    ///
    /// @param version the number it had then
    /// @param text as {@link #restore} reads it
    record Remembered(long version, String text) {}
}
