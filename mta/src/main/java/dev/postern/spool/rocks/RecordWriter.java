package dev.postern.spool.rocks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// Writes the primitive forms of which the records on disk are made into an array that grows; used
/// by one thread.
final class RecordWriter {
    private static final int FIRST = 256;

    private byte[] octets = new byte[FIRST];
    private int size;

    /// One octet.
    RecordWriter u8(int value) {
        room(1);
        octets[size++] = (byte) value;
        return this;
    }

    /// Four octets, the most significant first.
    RecordWriter u32(int value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            u8(value >>> shift);
        }
        return this;
    }

    /// Eight octets, the most significant first.
    RecordWriter i64(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            u8((int) (value >>> shift));
        }
        return this;
    }

    /// An unsigned number, seven bits an octet, the least significant first, the high bit on all
    /// but the last.
    RecordWriter varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            u8((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return u8((int) rest);
    }

    /// A length as varint and so many octets.
    RecordWriter octets(byte[] value) {
        varint(value.length);
        room(value.length);
        System.arraycopy(value, 0, octets, size, value.length);
        size += value.length;
        return this;
    }

    /// Octets of UTF-8.
    RecordWriter text(String value) {
        return octets(value.getBytes(StandardCharsets.UTF_8));
    }

    /// An octet 1 and the text, or an octet 0.
    RecordWriter text(Optional<String> value) {
        u8(value.isPresent() ? 1 : 0);
        value.ifPresent(this::text);
        return this;
    }

    /// Seconds since 1970 as zigzag varint, nanoseconds as varint.
    RecordWriter instant(Instant value) {
        long seconds = value.getEpochSecond();
        return varint(seconds << 1 ^ seconds >> 63).varint(value.getNano());
    }

    /// What was written.
    byte[] toOctets() {
        return Arrays.copyOf(octets, size);
    }

    private void room(int more) {
        if (size + more > octets.length) {
            octets = Arrays.copyOf(octets, Math.max(size + more, 2 * octets.length));
        }
    }
}
