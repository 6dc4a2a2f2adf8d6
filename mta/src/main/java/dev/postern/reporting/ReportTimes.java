package dev.postern.reporting;

import dev.postern.crypto.Sha256;
import dev.postern.dns.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// When each report is sent: some time in the hours after its day, another for each domain and server, so that not all
/// of them come at midnight; always the same, so that a restart changes nothing.
///
/// @param seed another on each server
/// @param spread how long after the day the last one is sent
public record ReportTimes(long seed, Duration spread) {
    /// The hours that reports are spread over.
    public static final Duration USUAL_SPREAD = Duration.ofHours(5);

    private static final Duration GRACE = Duration.ofMinutes(10);
    private static final int ID_OCTETS = 16;

    /// When the report on a day is due.
    public Instant due(LocalDate day, DomainName domain) {
        byte[] hash = Sha256.of(seed + " " + day + " " + domain);
        long fraction = ((hash[0] & 0xFFL) << 16) | ((hash[1] & 0xFFL) << 8) | (hash[2] & 0xFFL);
        return day.plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plus(GRACE)
                .plusMillis((spread.toMillis() * fraction) >> 24);
    }

    /// The name of the report on what was seen from a time on: letters and digits, the same each time it is asked for,
    /// so that a report that is sent twice is known.
    public String reportId(DomainName domain, Instant begin) {
        return Sha256.name(seed + " " + begin + " " + domain, ID_OCTETS);
    }
}
