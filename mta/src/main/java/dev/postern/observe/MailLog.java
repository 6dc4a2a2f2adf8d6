package dev.postern.observe;

import dev.postern.event.Event;
import dev.postern.event.Events;
import dev.postern.event.Unprintable;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The mail log: one line an event, `key=value` or JSON, the time and the event's name first.
///
/// Called by all threads; a lock guards the stream, so lines never mix. What is {@link Unprintable} in
/// values is escaped: no value can begin a line of its own, nor look like another. A line that cannot be written is
/// dropped and counted, since mail matters more than its log.
public final class MailLog implements Events, Closeable {
    /// How a line looks.
    public enum Format {
        /// `time event key=value key="two words"`.
        TEXT,
        /// One JSON object.
        JSON
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final OutputStream out;
    private final Format format;
    private final InstantSource clock;
    private long dropped;

    /// @param out takes whole lines; closed with the log
    public MailLog(OutputStream out, Format format, InstantSource clock) {
        this.out = out;
        this.format = format;
        this.clock = clock;
    }

    @Override
    public void emit(Event event) {
        StringBuilder line = new StringBuilder(192);
        String time = clock.instant().toString();
        switch (format) {
            case TEXT -> text(line, time, event);
            case JSON -> json(line, time, event);
        }
        byte[] octets = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            out.write(octets);
            out.flush();
        } catch (IOException e) {
            dropped++; // the log's disk is full or its pipe is gone; dropped() tells
        } finally {
            lock.unlock();
        }
    }

    /// How many lines could not be written.
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    private static void text(StringBuilder line, String time, Event event) {
        line.append(time).append(' ').append(EventFields.name(event));
        for (Map.Entry<String, String> field : EventFields.fields(event).entrySet()) {
            line.append(' ').append(field.getKey()).append('=');
            String value = field.getValue();
            if (isPlain(value)) {
                line.append(value);
            } else {
                quoted(line, value);
            }
        }
    }

    /// Whether a value can stand in a line as it is.
    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c == '"' || c == '\\' || c > '~') {
                return value.codePoints().allMatch(p -> p > ' ' && p != '"' && p != '\\' && !Unprintable.is(p));
            }
        }
        return true;
    }

    private static void json(StringBuilder line, String time, Event event) {
        line.append("{\"time\":\"").append(time).append("\",\"event\":");
        quoted(line, EventFields.name(event));
        EventFields.fields(event).forEach((key, value) -> {
            line.append(',');
            quoted(line, key);
            line.append(':');
            quoted(line, value);
        });
        line.append('}');
    }

    private static void quoted(StringBuilder line, String value) {
        line.append('"');
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> line.append('\\').appendCodePoint(c);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Unprintable.is(c)) {
                        Unprintable.escape(c, line);
                    } else {
                        line.appendCodePoint(c);
                    }
                }
            }
        });
        line.append('"');
    }

    @Override
    public void close() {
        lock.lock();
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
