package dev.postern.spool.rocks;

import java.time.Duration;

/// How much a spool has to do.
///
/// @param write how long a synced write takes
/// @param line the part that is taken of the line of those who wait for one, 0 to 1
/// @param free octets that may still be written on its disk, as far as known
public record SpoolLoad(Duration write, double line, long free) {}
