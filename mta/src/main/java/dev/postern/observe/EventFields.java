package dev.postern.observe;

import dev.postern.event.Event;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
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
            List<Component> components = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                components.add(new Component(dashed(component.getName()), component.getAccessor()));
            }
            return new Shape(dashed(type.getSimpleName()), components, hasOwnText(type));
        }
    };

    private EventFields() {}

    /// What is known of a record's class.
    ///
    /// @param name in lower case with dashes
    /// @param hasOwnText whether it has a text form besides the one that every record has
    private record Shape(String name, List<Component> components, boolean hasOwnText) {}

    /// A component of a record, and the name of its field.
    private record Component(String field, Method accessor) {}

    /// The form that every record has is final (as the compiler makes it); one that was written for it is not.
    private static boolean hasOwnText(Class<?> type) {
        try {
            return !Modifier.isFinal(type.getDeclaredMethod("toString").getModifiers());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record without a text form: " + type, e);
        }
    }

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
        for (Component component : SHAPES.get(owner.getClass()).components()) {
            Object value = value(component, owner);
            if (value instanceof Optional<?> maybe) {
                value = maybe.orElse(null);
            }
            if (value instanceof Record inner && !SHAPES.get(inner.getClass()).hasOwnText()) {
                collect(fields, inner);
            } else {
                String text = text(value);
                if (!text.isEmpty()) {
                    fields.putIfAbsent(component.field(), text);
                }
            }
        }
    }

    private static @Nullable Object value(Component component, Object owner) {
        try {
            return component.accessor().invoke(owner);
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
