package dev.postern.smtp;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// When the sender wants a report on one recipient: NOTIFY of RFC 3461 §4.1.
///
/// @param events the wanted events; none is NEVER
public record Notify(Set<Event> events) {
    /// An event worth a report.
    public enum Event {
        /// Delivered.
        SUCCESS,
        /// Failed for good.
        FAILURE,
        /// Still on its way after some time.
        DELAY
    }

    public Notify {
        events = Set.copyOf(events);
    }

    /// What holds where no NOTIFY was given: failure and delay (RFC 3461 §4.1).
    public static Notify byDefault() {
        return new Notify(EnumSet.of(Event.FAILURE, Event.DELAY));
    }

    /// NOTIFY=NEVER.
    public static Notify never() {
        return new Notify(Set.of());
    }

    /// The value that a text is, in any case: `NEVER`, or events with commas between; empty if it
    /// is none.
    public static Optional<Notify> parse(String text) {
        if (text.equalsIgnoreCase("NEVER")) {
            return Optional.of(never());
        }
        Set<Event> events = EnumSet.noneOf(Event.class);
        for (String word : text.split(",", -1)) {
            Optional<Event> event = Stream.of(Event.values())
                    .filter(e -> e.name().equalsIgnoreCase(word))
                    .findFirst();
            if (event.isEmpty()) {
                return Optional.empty();
            }
            events.add(event.get());
        }
        return Optional.of(new Notify(events));
    }

    /// Whether an event is wanted.
    public boolean wants(Event event) {
        return events.contains(event);
    }

    /// The value on the wire.
    @Override
    public String toString() {
        return events.isEmpty()
                ? "NEVER"
                : events.stream().sorted().map(Event::name).collect(Collectors.joining(","));
    }
}
