package dev.postern.zonerecords;

import java.util.Locale;

/// How what is published compares to what should be, from the best to the worst.
public enum Mark {
    /// It is there.
    RIGHT,
    /// DNSSEC does not vouch for the zone, so that the record would have no effect.
    INSECURE,
    /// The name servers do not tell.
    UNTOLD,
    /// There is no such record.
    MISSING,
    /// There is another one.
    DIFFERENT,
    /// There are several where one counts, so that none does.
    SEVERAL;

    /// The word that commands show.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether somebody should change the zone.
    public boolean isFault() {
        return this == MISSING || this == DIFFERENT || this == SEVERAL;
    }
}
