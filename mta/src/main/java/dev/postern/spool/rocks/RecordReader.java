package dev.postern.spool.rocks;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Reads the primitive forms of which the records on disk are made; used by one thread.
///
/// Whatever the octets are, each method returns a value or throws {@link Malformed}.
final class RecordReader {
    private static final int MAX_VARINT_BITS = 63;

    private final ByteBuffer rest;

    RecordReader(byte[] octets) {
        this.rest = ByteBuffer.wrap(octets);
    }

    /// The octets are not the record that they should be.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    int u8() throws Malformed {
        return take(1).get() & 0xFF;
    }

    /// An octet that says yes or no.
    boolean flag() throws Malformed {
        int value = u8();
        if (value > 1) {
            throw new Malformed("neither 0 nor 1 but " + value);
        }
        return value == 1;
    }

    /// Goes over octets that are of no interest.
    void skip(int octets) throws Malformed {
        ByteBuffer there = take(octets);
        there.position(there.position() + octets);
    }

    int u32() throws Malformed {
        return take(Integer.BYTES).getInt();
    }

    long i64() throws Malformed {
        return take(Long.BYTES).getLong();
    }

    long varint() throws Malformed {
        long value = 0;
        for (int shift = 0; shift <= MAX_VARINT_BITS; shift += 7) {
            int octet = u8();
            value |= (long) (octet & 0x7F) << shift;
            if ((octet & 0x80) == 0) {
                return value;
            }
        }
        throw new Malformed("a number that does not end");
    }

    /// A varint between 0 and `max`.
    int varint(int max) throws Malformed {
        long value = varint();
        if (value < 0 || value > max) {
            throw new Malformed("the number " + Long.toUnsignedString(value) + ", allowed is up to " + max);
        }
        return (int) value;
    }

    byte[] octets() throws Malformed {
        byte[] value = new byte[varint(rest.remaining())];
        take(value.length).get(value);
        return value;
    }

    /// So many octets.
    byte[] octets(int count) throws Malformed {
        byte[] value = new byte[count];
        take(count).get(value);
        return value;
    }

    String text() throws Malformed {
        byte[] octets = octets();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw (Malformed) new Malformed("a text that is not UTF-8").initCause(notUtf8);
        }
    }

    Optional<String> optionalText() throws Malformed {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    Instant instant() throws Malformed {
        long zigzag = varint();
        long seconds = zigzag >>> 1 ^ -(zigzag & 1);
        long nanos = varint(999_999_999);
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException tooFar) {
            throw (Malformed) new Malformed("a time that is none").initCause(tooFar);
        }
    }

    /// Checks that nothing is left over.
    void end() throws Malformed {
        if (rest.hasRemaining()) {
            throw new Malformed(rest.remaining() + " octets too many");
        }
    }

    private ByteBuffer take(int count) throws Malformed {
        if (rest.remaining() < count) {
            throw new Malformed("cut off after " + rest.limit() + " octets");
        }
        return rest;
    }
}
