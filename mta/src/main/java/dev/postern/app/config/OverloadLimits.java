package dev.postern.app.config;

import dev.postern.smtpserver.Shedding;
import dev.postern.spool.rocks.SpoolLoad;
import java.time.Duration;

/// From when on a server has too much to do.
///
/// @param shedding how little is borne then from clients that say nothing
/// @param disk octets free below which other servers' mail is not taken; that of users still is, down to the reserve
/// @param spool the time that storing takes too long
/// @param memory the part of the heap, 0 to 1, that is too much in use for good
public record OverloadLimits(Shedding shedding, long disk, Duration spool, double memory) {
    private static final double USUAL_MEMORY = 0.9;
    private static final double LEAST_MEMORY = 0.1;

    /// Reads what the section `[limits]` says of it.
    ///
    /// @param reserve octets that stay free on the disk whoever sends
    static OverloadLimits read(Section section, long reserve) {
        Shedding usual = Shedding.byDefault();
        return new OverloadLimits(
                new Shedding(
                        section.positive("overload-time-out", usual.least()),
                        section.positive("overload-silence", usual.silence())),
                section.size("overload-disk", 2 * reserve),
                section.positive("overload-spool", Duration.ofSeconds(2)),
                section.fraction("overload-memory", USUAL_MEMORY, LEAST_MEMORY, 1));
    }

    /// How slow the spool is, 1 being too slow; a full line of those who wait for it is too.
    public double spoolLoad(SpoolLoad now) {
        return Math.max((double) now.write().toNanos() / spool.toNanos(), now.line());
    }

    /// How full the disk is, 1 being too full.
    public double diskLoad(SpoolLoad now) {
        return (double) disk / Math.max(1, now.free());
    }
}
