package dev.postern.pressure;

import java.util.Locale;

/// What a server may be short of.
public enum Resource {
    /// Room for sessions. Its load is the part that is taken.
    SESSIONS(0.8),
    /// The speed of the spool. Its load is the time that it takes to store, as a part of the time that is too long.
    SPOOL(0.5),
    /// Room on the disk of the spool. Its load is the room that is too little, as a part of what is there.
    DISK(0.5),
    /// Memory. Its load is what is in use after a collection of garbage, as a part of what is too much.
    MEMORY(0.9);

    private static final double FULL = 1;

    /// Falling, a load has to come so far below the line that it has crossed.
    private static final double SLACK = 0.9;

    private final double busyFrom;

    Resource(double busyFrom) {
        this.busyFrom = busyFrom;
    }

    /// The word in the log.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The level of a load, 1 being too much; a load that wavers about a line does not change the level each time.
    ///
    /// @param before the level until now
    Level level(double load, Level before) {
        if (load >= FULL || (before == Level.OVERLOADED && load >= FULL * SLACK)) {
            return Level.OVERLOADED;
        }
        if (load >= busyFrom || (before != Level.CALM && load >= busyFrom * SLACK)) {
            return Level.BUSY;
        }
        return Level.CALM;
    }
}
