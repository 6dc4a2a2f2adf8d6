package dev.postern.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks through content eight octets at a time, since hardly any octet matters: CR, LF and NUL are
/// all below {@value #LIMIT}.
final class Controls {
    /// The octets looked for are those below this one; as signed bytes, 0 to 13.
    private static final int LIMIT = '\r' + 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long SIGNS = 0x8080_8080_8080_8080L;

    private Controls() {}

    /// The index of the first octet of 0 to 13 from `from` on; `to` if there is none.
    static int first(byte[] octets, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES && !mayHaveOne((long) LONGS.get(octets, i))) {
            i += Long.BYTES;
        }
        while (i < to && (octets[i] & 0xFF) >= LIMIT) {
            i++;
        }
        return i;
    }

    /// Whether one of eight octets is below the limit. Subtracting the limit from each borrows into
    /// the sign of those that are, and of no other below 128; a borrow from the octet below can only
    /// say yes too often, and then that octet was one.
    private static boolean mayHaveOne(long eight) {
        return ((eight - LIMIT * ONES) & ~eight & SIGNS) != 0;
    }

    /// Whether an octet above 127 is among them.
    static boolean anyEightBit(byte[] octets, int from, int to) {
        long signs = 0;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            signs |= (long) LONGS.get(octets, i);
        }
        for (; i < to; i++) {
            signs |= octets[i] & SIGNS;
        }
        return (signs & SIGNS) != 0;
    }
}
