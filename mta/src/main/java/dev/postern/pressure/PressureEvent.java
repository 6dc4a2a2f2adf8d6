package dev.postern.pressure;

import dev.postern.event.Event;

/// What is worth telling of pressure.
public sealed interface PressureEvent extends Event {
    /// A resource has become short, or is so no longer.
    ///
    /// @param load in hundredths of what is too much
    record PressureChanged(Resource resource, Level level, long load) implements PressureEvent {}
}
