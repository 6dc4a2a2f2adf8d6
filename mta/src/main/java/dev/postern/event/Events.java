package dev.postern.event;

/// Where events are told; called by many threads, returns at once and never throws.
@FunctionalInterface
public interface Events {
    /// Tells one event.
    void emit(Event event);

    /// The listener that nobody wired: it hears and forgets.
    static Events none() {
        return event -> {};
    }
}
