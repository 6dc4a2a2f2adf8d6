package dev.postern.queue;

import dev.postern.spool.SpooledMessage;
import java.util.List;

/// The recipients of a message besides those of a work that ends, as far as something is left to do for them.
///
/// @param message as it is now
/// @param free positions of those that nobody else has: whoever ends the work may change them with it
/// @param tried positions of those with which something is done just now
/// @param toBeTried positions of those that wait in a lane, in memory
public record Siblings(SpooledMessage message, List<Integer> free, List<Integer> tried, List<Integer> toBeTried) {
    public Siblings {
        free = List.copyOf(free);
        tried = List.copyOf(tried);
        toBeTried = List.copyOf(toBeTried);
    }
}
