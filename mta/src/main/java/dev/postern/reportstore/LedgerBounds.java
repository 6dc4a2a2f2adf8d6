package dev.postern.reportstore;

/// How much a ledger keeps; what is beyond is only counted.
///
/// @param domains of a day
/// @param rows of all days together
/// @param rowsOfDomain of one domain on one day
/// @param days for how long what became of a day is remembered
public record LedgerBounds(int domains, int rows, int rowsOfDomain, int days) {
    private static final LedgerBounds USUAL = new LedgerBounds(5_000, 30_000, 3_000, 30);
    private static final LedgerBounds SESSIONS = new LedgerBounds(30_000, 60_000, 100, 30);

    /// @throws IllegalArgumentException if a bound leaves nothing
    public LedgerBounds {
        if (domains < 1 || rows < 1 || rowsOfDomain < 1 || days < 1) {
            throw new IllegalArgumentException("a ledger that keeps nothing");
        }
    }

    /// Enough for the messages that a large site gets, some thirty megabytes at worst.
    public static LedgerBounds usual() {
        return USUAL;
    }

    /// Enough for the sessions that a large site opens, some sixty megabytes at worst.
    public static LedgerBounds sessions() {
        return SESSIONS;
    }
}
