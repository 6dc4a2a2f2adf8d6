package dev.postern.spool;

import java.time.Instant;
import java.util.Optional;

/// The name of a message in the spool, and of a session's decision record: unique in this server,
/// growing with time.
///
/// @param value milliseconds since 1970 in the upper 44 bits, a serial number in the lower 20;
///     positive
public record QueueId(long value) implements Comparable<QueueId> {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 13;
    private static final int BITS = 5;
    private static final int SERIAL_BITS = 20;

    /// @throws IllegalArgumentException if the value is negative
    public QueueId {
        if (value < 0) {
            throw new IllegalArgumentException("no queue id: " + value);
        }
    }

    /// The first id of a millisecond; times before 1970 and after 2248 count as those.
    public static QueueId firstOf(Instant at) {
        long millis = Math.clamp(at.toEpochMilli(), 0, Long.MAX_VALUE >> SERIAL_BITS);
        return new QueueId(millis << SERIAL_BITS);
    }

    /// When it was handed out, by the clock of then, in whole milliseconds.
    public Instant at() {
        return Instant.ofEpochMilli(value >> SERIAL_BITS);
    }

    /// The id that a text is; empty if it is none.
    public static Optional<QueueId> parse(String text) {
        if (text.length() != LENGTH || text.charAt(0) > '7') {
            return Optional.empty();
        }
        long value = 0;
        for (int i = 0; i < LENGTH; i++) {
            int digit = DIGITS.indexOf(text.charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            value = (value << BITS) | digit;
        }
        return Optional.of(new QueueId(value));
    }

    @Override
    public int compareTo(QueueId other) {
        return Long.compare(value, other.value);
    }

    /// Thirteen digits and lower-case letters without i, l, o and u; they sort as the values do.
    @Override
    public String toString() {
        char[] text = new char[LENGTH];
        long rest = value;
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (rest & 31));
            rest >>>= BITS;
        }
        return new String(text);
    }
}
