package dev.postern.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/// How many files and sockets this process may have open at once.
///
/// @param most by the system's word (`ulimit -n`)
record Descriptors(long most) {
    /// Enough for the spool, deliveries, the libraries and the log.
    private static final long OURS = 1024;

    /// Those of this process.
    static Descriptors ofThisProcess() {
        return new Descriptors(
                ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                        ? unix.getMaxFileDescriptorCount()
                        : Long.MAX_VALUE);
    }

    /// How many sessions there may be, so that enough is left for everything else; half of few.
    int sessions() {
        return Math.clamp(most - Math.min(OURS, most / 2), 1, Integer.MAX_VALUE);
    }
}
