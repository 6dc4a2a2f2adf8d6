package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.app.config.OverloadLimits;
import dev.postern.event.Events;
import dev.postern.pressure.Pressure;
import dev.postern.pressure.PressureGauge;
import dev.postern.smtpserver.CensusLimits;
import dev.postern.smtpserver.LoadShedder;
import dev.postern.smtpserver.SessionCensus;
import dev.postern.spool.rocks.RocksSpool;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// How many sessions there may be, what the server is short of, and who makes room then.
final class Capacity {
    private final Events events;
    private final AtomicReference<Supplier<Pressure>> pressure = new AtomicReference<>(Pressure::calm);
    private final SessionCensus census;
    private final LoadShedder shedder;

    Capacity(Config config, Events events) {
        this.events = events;
        census = new SessionCensus(possible(config));
        shedder = new LoadShedder(census, config.limits().overload().shedding(), this::pressure, events);
    }

    /// Who makes room for new sessions.
    LoadShedder shedder() {
        return shedder;
    }

    /// What there is too little of at the moment; nothing as long as nobody measures.
    Pressure pressure() {
        return pressure.get().get();
    }

    /// Measures from now on, each time that this is run: about once a second.
    ///
    /// @param limits asked each time
    Runnable measuring(RocksSpool spool, Supplier<OverloadLimits> limits) {
        PressureGauge gauge = new PressureGauge(Loads.of(census, spool, limits), events);
        pressure.set(gauge);
        return gauge::sample;
    }

    /// Takes the limits of another configuration.
    void use(Config config) {
        census.use(possible(config));
        shedder.use(config.limits().overload().shedding());
    }

    /// No more sessions than the system gives descriptors for.
    private CensusLimits possible(Config config) {
        CensusLimits configured = config.limits().census();
        Descriptors descriptors = Descriptors.ofThisProcess();
        CensusLimits possible = configured.within(descriptors.sessions());
        if (possible.inAll() < configured.inAll()) {
            events.emit(new MtaEvent.SessionsReduced(possible.inAll(), configured.inAll(), descriptors.most()));
        }
        return possible;
    }
}
