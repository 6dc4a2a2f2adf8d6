package dev.postern.observe;

import dev.postern.event.Event;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.TemporalAccessor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The name and the fields of an event, read off its record: `MessageTaken` is `message-taken`, its
/// components are the fields in their order; an empty one is left out.
///
/// A component that is a record without a text form of its own is taken apart in the same way. What
/// is neither a value nor a record of values (such as a TLS session) is no field.
final class EventFields {
    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            if (!type.isRecord()) {
                throw new IllegalStateException("an event must be a record: " + type);
            }
            RecordComponent[] components = type.getRecordComponents();
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
            return new Shape(dashed(type.getSimpleName()), components);
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
        collect(fields, event);
        return fields;
    }

    private static void collect(Map<String, String> fields, Object owner) {
        for (RecordComponent component : SHAPES.get(owner.getClass()).components()) {
            Object value = value(component, owner);
            if (value instanceof Optional<?> maybe) {
                value = maybe.orElse(null);
            }
            if (value instanceof Record inner && isTakenApart(inner)) {
                collect(fields, inner);
            } else {
                String text = text(value);
                if (!text.isEmpty()) {
                    fields.putIfAbsent(dashed(component.getName()), text);
                }
            }
        }
    }

    /// Whether a record has no text form but the one that every record has.
    private static boolean isTakenApart(Record inner) {
        return inner.toString().startsWith(inner.getClass().getSimpleName() + "[");
    }

    private static @Nullable Object value(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the event " + owner.getClass() + " cannot be read", e);
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case String text -> text;
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case Enum<?> constant ->
                constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
            case Duration time ->
                time.toMillis() / 1000 + "."
                        + String.valueOf(1000 + time.toMillis() % 1000).substring(1) + "s";
            case TemporalAccessor moment -> moment.toString();
            case Path path -> path.toString();
            case Record record -> record.toString();
            case Throwable thrown -> withPlace(thrown);
            case Collection<?> many -> many.stream().map(EventFields::text).collect(Collectors.joining(","));
            case null, default -> "";
        };
    }

    /// What was thrown, and where: a bug is found by its place.
    private static String withPlace(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        return stack.length == 0 ? thrown.toString() : thrown + " at " + stack[0];
    }

    private static String dashed(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
