package dev.postern.app;

import dev.postern.app.config.OverloadLimits;
import dev.postern.pressure.CollectedHeap;
import dev.postern.pressure.Resource;
import dev.postern.smtpserver.SessionCensus;
import dev.postern.spool.rocks.RocksSpool;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// What there may be too much of in a running server, each with its load.
final class Loads {
    private Loads() {}

    /// The loads of all resources.
    ///
    /// @param limits in force when they are asked
    static Map<Resource, DoubleSupplier> of(SessionCensus census, RocksSpool spool, Supplier<OverloadLimits> limits) {
        CollectedHeap heap = new CollectedHeap(CollectedHeap.Readings.ofThisMachine(), System::nanoTime);
        return Map.of(
                Resource.SESSIONS,
                census::share,
                Resource.SPOOL,
                () -> limits.get().spoolLoad(spool.load()),
                Resource.DISK,
                () -> limits.get().diskLoad(spool.load()),
                Resource.MEMORY,
                () -> heap.share() / limits.get().memory());
    }
}
