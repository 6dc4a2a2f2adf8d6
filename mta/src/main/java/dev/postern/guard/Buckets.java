package dev.postern.guard;

import java.util.Arrays;

/// How much many have had of several kinds of things: for each a leaky bucket, which a use fills and time empties.
///
/// A level is kept as the time at which the bucket will be empty, so that a longer or shorter period, as a reload may
/// bring, leaves what was counted. How full it may be is a time too: the period in which the whole limit runs out. So
/// whoever was quiet may have all of a period at once, then goes on at the limit's rate, and never has more than twice
/// the limit within one period.
///
/// Holds so many and no more. A key has one of {@value #WAYS} places in one bin; where they are taken the one makes
/// room that would be as if it had never come soonest. So whoever has used most stays, whatever crowd of others passes
/// by, and one whose buckets are empty is forgotten without loss. Times are nanoseconds since 1970. Touched by many
/// threads: each bin is guarded by its monitor, is held for some tens of nanoseconds, and takes its memory at its first
/// use.
final class Buckets {
    /// Places in a bin.
    static final int WAYS = 8;

    /// Before the levels of a place: its key, and which of its limits were told.
    private static final int HEAD = 2;

    private static final long NEVER_MISSED = 1;

    private final Bin[] bins;
    private final int kinds;

    /// @param bins a power of two
    /// @param kinds of things, at most 63
    Buckets(int bins, int kinds) {
        if (Integer.bitCount(bins) != 1 || kinds < 1 || kinds >= Long.SIZE) {
            throw new IllegalArgumentException(bins + " bins for " + kinds + " kinds");
        }
        this.kinds = kinds;
        this.bins = new Bin[bins];
        for (int i = 0; i < bins; i++) {
            this.bins[i] = new Bin();
        }
    }

    /// One use.
    ///
    /// @param key of whom, spread evenly over all numbers
    /// @param kind of what
    /// @param cost by how much time it fills the bucket
    /// @param room how much time fills it
    record Use(long key, int kind, long cost, long room) {}

    /// What came of asking.
    ///
    /// @param delay how long until there is room; 0: it is there
    /// @param news whether the bucket was not found full since it was half empty
    record Found(long delay, boolean news) {
        private static final Found ROOM = new Found(0, false);

        boolean isFull() {
            return delay > 0;
        }
    }

    /// The places of some keys.
    private final class Bin {
        private long[] places = {};

        /// Where the levels of a key begin; -1 where it has no place.
        private int find(long key) {
            for (int at = 0; at < places.length; at += HEAD + kinds) {
                if (places[at] == key) {
                    return at + HEAD;
                }
            }
            return -1;
        }

        /// The same, after making room for it if need be.
        private int place(long key) {
            int found = find(key);
            if (found >= 0) {
                return found;
            }
            if (places.length == 0) {
                places = new long[WAYS * (HEAD + kinds)];
            }
            int least = 0;
            for (int at = HEAD + kinds; at < places.length; at += HEAD + kinds) {
                if (emptyAt(at) < emptyAt(least)) {
                    least = at;
                }
            }
            Arrays.fill(places, least, least + HEAD + kinds, 0);
            places[least] = key;
            return least + HEAD;
        }

        /// When all buckets of a place will be empty.
        private long emptyAt(int place) {
            long last = 0;
            for (int i = place + HEAD; i < place + HEAD + kinds; i++) {
                last = Math.max(last, places[i]);
            }
            return last;
        }

        private boolean tellsFirst(int levels, int kind) {
            long bit = 1L << kind;
            boolean first = (places[levels - 1] & bit) == 0;
            places[levels - 1] |= bit;
            return first;
        }

        private void recovered(int levels, int kind) {
            places[levels - 1] &= ~(1L << kind);
        }
    }

    private Bin bin(long key) {
        return bins[(int) key & (bins.length - 1)];
    }

    /// What is told apart from an empty place.
    private static long name(long key) {
        return key == 0 ? NEVER_MISSED : key;
    }

    /// Fills a bucket if there is room for it.
    Found take(Use use, long now) {
        long key = name(use.key());
        Bin bin = bin(key);
        synchronized (bin) {
            int levels = bin.place(key);
            int at = levels + use.kind();
            long level = level(bin.places[at], use.room(), now);
            long over = level + use.cost() - use.room();
            if (over > 0 && level > 0) {
                return new Found(over, bin.tellsFirst(levels, use.kind()));
            }
            if (level <= use.room() / 2) {
                bin.recovered(levels, use.kind());
            }
            bin.places[at] = now + level + use.cost();
            return Found.ROOM;
        }
    }

    /// Whether there is room, without filling it. Into an empty bucket goes everything.
    Found look(Use use, long now) {
        long key = name(use.key());
        Bin bin = bin(key);
        synchronized (bin) {
            int levels = bin.find(key);
            if (levels < 0) {
                return Found.ROOM;
            }
            long level = level(bin.places[levels + use.kind()], use.room(), now);
            long over = level + use.cost() - use.room();
            return over > 0 && level > 0 ? new Found(over, bin.tellsFirst(levels, use.kind())) : Found.ROOM;
        }
    }

    /// Fills a bucket, beyond its room up to as much again.
    ///
    /// @return how full it is now
    long fill(Use use, long now) {
        long key = name(use.key());
        Bin bin = bin(key);
        synchronized (bin) {
            int levels = bin.place(key);
            int at = levels + use.kind();
            long level = level(bin.places[at], use.room(), now);
            if (level <= use.room() / 2) {
                bin.recovered(levels, use.kind());
            }
            long full = Math.min(level + use.cost(), 2 * use.room());
            bin.places[at] = now + full;
            return full;
        }
    }

    /// Takes back what was filled in.
    void giveBack(Use use, long now) {
        long key = name(use.key());
        Bin bin = bin(key);
        synchronized (bin) {
            int levels = bin.find(key);
            if (levels >= 0) {
                int at = levels + use.kind();
                bin.places[at] = Math.max(now, bin.places[at] - use.cost());
            }
        }
    }

    /// Empties a bucket.
    void empty(long key, int kind) {
        long name = name(key);
        Bin bin = bin(name);
        synchronized (bin) {
            int levels = bin.find(name);
            if (levels >= 0) {
                bin.places[levels + kind] = 0;
            }
        }
    }

    /// How full a bucket is.
    long level(long key, int kind, long room, long now) {
        long name = name(key);
        Bin bin = bin(name);
        synchronized (bin) {
            int levels = bin.find(name);
            return levels < 0 ? 0 : level(bin.places[levels + kind], room, now);
        }
    }

    /// Never more than twice its room: a clock that was set back must not keep anybody out for long.
    private static long level(long emptyAt, long room, long now) {
        return Math.clamp(emptyAt - now, 0, 2 * room);
    }
}
