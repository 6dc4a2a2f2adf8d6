package dev.postern.spool.rocks;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// What a set of texts may contain: a Bloom filter of all pieces of three and of six chars that occur in them, in lower
/// case. It says "no" only where a text certainly occurs in none of them; one in eighty single pieces is wrongly said
/// to be there.
///
/// Pieces of three find where short texts occur; those of six tell addresses from each other that have all their small
/// pieces in common, such as numbered ones.
final class GramFilter {
    private static final int[] LENGTHS = {6, 3};
    private static final int BITS_A_GRAM = 10;
    private static final int PROBES = 4;

    /// What sets a whole text apart from a piece.
    private static final long WHOLE = 0x5bd1e995_9e3779b9L;

    private GramFilter() {}

    /// The filter of some texts; used by one thread.
    static final class Builder {
        private final Set<String> texts = new HashSet<>();

        void add(String text) {
            texts.add(text.toLowerCase(Locale.ROOT));
        }

        /// The filter; empty for no texts.
        byte[] toOctets() {
            int most = 0;
            for (String text : texts) {
                most += pieces(text);
            }
            long[] table = new long[Integer.highestOneBit(Math.max(most, 1)) << 2];
            int distinct = 0;
            for (String text : texts) {
                distinct += put(table, hash(text, 0, text.length()) ^ WHOLE);
                for (int length : LENGTHS) {
                    for (int at = 0; at + length <= text.length(); at++) {
                        distinct += put(table, hash(text, at, at + length));
                    }
                }
            }
            byte[] filter = new byte[(distinct * BITS_A_GRAM + Byte.SIZE - 1) / Byte.SIZE];
            for (long gram : table) {
                for (int probe = 0; gram != 0 && probe < PROBES; probe++) {
                    long bit = bit(gram, probe, filter);
                    filter[(int) (bit >>> 3)] |= (byte) (1 << (bit & 7));
                }
            }
            return filter;
        }

        /// Puts a hash into a table with room, where 0 is none.
        ///
        /// @return 1 if it was not there, else 0
        private static int put(long[] table, long gram) {
            int at = (int) gram & table.length - 1;
            while (table[at] != 0 && table[at] != gram) {
                at = at + 1 & table.length - 1;
            }
            int more = table[at] == gram ? 0 : 1;
            table[at] = gram;
            return more;
        }

        private static int pieces(String text) {
            int pieces = 1;
            for (int length : LENGTHS) {
                pieces += Math.max(0, text.length() - length + 1);
            }
            return pieces;
        }
    }

    /// Whether a text may occur in one of those of a filter.
    static boolean mayOccur(byte[] filter, String part) {
        String text = part.toLowerCase(Locale.ROOT);
        for (int length : LENGTHS) {
            for (int at = 0; at + length <= text.length(); at++) {
                if (!has(filter, hash(text, at, at + length))) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Whether a text may be one of those of a filter.
    static boolean mayBe(byte[] filter, String whole) {
        String text = whole.toLowerCase(Locale.ROOT);
        return has(filter, hash(text, 0, text.length()) ^ WHOLE);
    }

    private static boolean has(byte[] filter, long gram) {
        if (filter.length == 0) {
            return false;
        }
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(gram, probe, filter);
            if ((filter[(int) (bit >>> 3)] & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }

    private static long bit(long gram, int probe, byte[] filter) {
        long mixed = gram + probe * (gram >>> Integer.SIZE | 1);
        return Long.remainderUnsigned(mixed, (long) filter.length * Byte.SIZE);
    }

    /// FNV-1a over the chars, mixed once more so that each half is of use. Lies in the spool: never changed without
    /// another version of {@link Summary}.
    static long hash(String text, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }
}
