package dev.postern.observe;

import dev.postern.event.Event;
import dev.postern.event.EventPart;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The name and the fields of an event, read off its record: `MessageTaken` is `message-taken`, its
/// components are the fields in their order, those of an {@link EventPart} in its place; an empty one
/// is left out.
final class EventFields {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            if (!type.isRecord()) {
                throw new IllegalStateException("an event must be a record: " + type);
            }
            return new Shape(dashed(type.getSimpleName()), type.getRecordComponents());
        }
    };

    private EventFields() {}

    @SuppressWarnings("ArrayRecordComponent") // kept for its accessors, never compared
    private record Shape(String name, RecordComponent[] components) {}

    /// The event's name in lower case with dashes.
    static String name(Event event) {
        return SHAPES.get(event.getClass()).name();
    }

    /// The event's fields that are not empty, in text.
    static Map<String, String> fields(Event event) {
        Map<String, String> fields = new LinkedHashMap<>();
        collect(event, fields);
        return fields;
    }

    /// The fields of an event or of a part of it.
    private static void collect(Object whole, Map<String, String> fields) {
        for (RecordComponent component : SHAPES.get(whole.getClass()).components()) {
            Object value = value(component, whole);
            if (value instanceof Optional<?> maybe && maybe.isPresent()) {
                value = maybe.get();
            }
            if (value instanceof EventPart part) {
                collect(part, fields);
                continue;
            }
            String text = text(value);
            if (!text.isEmpty()) {
                fields.put(dashed(component.getName()), text);
            }
        }
    }

    private static Object value(RecordComponent component, Object whole) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(whole);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the event " + whole.getClass() + " cannot be read", e);
        }
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Optional<?> maybe -> maybe.map(EventFields::text).orElse("");
            case Collection<?> many -> many.stream().map(EventFields::text).collect(Collectors.joining(","));
            case Throwable thrown -> thrown.toString();
            default -> value.toString();
        };
    }

    private static String dashed(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
