package dev.postern.feedback;

/// How much of a report is read; what has more of anything is broken.
///
/// @param messageOctets of the whole message
/// @param unpackedOctets of the report when it is unpacked and decoded
/// @param ratio how many times as large as its archive a report may be
/// @param archiveEntries how many entries of an archive are looked at
/// @param rows of an aggregate report, and of the policies of a TLS report together with their
///     failures
public record ReportLimits(long messageOctets, int unpackedOctets, int ratio, int archiveEntries, int rows) {
    /// Enough for the largest reports that are met.
    public static final ReportLimits DEFAULT = new ReportLimits(25 << 20, 32 << 20, 200, 10, 50_000);

    /// @throws IllegalArgumentException if one is not above zero, or rows could not be added up
    public ReportLimits {
        if (messageOctets < 1 || unpackedOctets < 1 || ratio < 1 || archiveEntries < 1 || rows < 1) {
            throw new IllegalArgumentException("a limit that is not above zero");
        }
        if (rows > Long.MAX_VALUE / AggregateRow.MOST) {
            throw new IllegalArgumentException("more rows than can be added up: " + rows);
        }
    }
}
