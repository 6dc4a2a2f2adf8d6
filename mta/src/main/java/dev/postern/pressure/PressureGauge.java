package dev.postern.pressure;

import dev.postern.event.Events;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// Measures the load of each resource and tells each change of its level.
///
/// One thread takes the {@link #sample}, about once a second; any thread reads, which costs one
/// volatile field.
public final class PressureGauge implements Supplier<Pressure> {
    private static final double HUNDRED = 100;
    private static final double MOST = 1e6;

    private final Map<Resource, DoubleSupplier> loads;
    private final Events events;
    private volatile Pressure latest = Pressure.calm();

    /// @param loads gives the load of a resource, 0 for none, 1 for too much; never waits for long
    public PressureGauge(Map<Resource, DoubleSupplier> loads, Events events) {
        this.loads = new EnumMap<>(loads);
        this.events = events;
    }

    /// The pressure when it was measured last.
    @Override
    public Pressure get() {
        return latest;
    }

    /// Measures.
    public void sample() {
        Pressure before = latest;
        Map<Resource, Level> levels = new EnumMap<>(Resource.class);
        loads.forEach((resource, measure) -> {
            double load = measure.getAsDouble();
            Level level = resource.level(load, before.level(resource));
            levels.put(resource, level);
            if (level != before.level(resource)) {
                events.emit(
                        new PressureEvent.PressureChanged(resource, level, Math.round(Math.min(load, MOST) * HUNDRED)));
            }
        });
        latest = new Pressure(levels);
    }
}
