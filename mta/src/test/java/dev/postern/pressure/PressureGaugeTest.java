package dev.postern.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PressureGaugeTest {

    private final List<Event> events = new ArrayList<>();
    private double load;

    @ParameterizedTest
    @CsvSource({
        "SESSIONS, CALM, 0.79, CALM",
        "SESSIONS, CALM, 0.80, BUSY",
        "SESSIONS, CALM, 0.99, BUSY",
        "SESSIONS, CALM, 1.00, OVERLOADED",
        "SESSIONS, OVERLOADED, 0.90, OVERLOADED",
        "SESSIONS, OVERLOADED, 0.89, BUSY",
        "SESSIONS, OVERLOADED, 0.71, CALM",
        "SESSIONS, BUSY, 0.73, BUSY",
        "SESSIONS, BUSY, 0.71, CALM",
        "SPOOL, CALM, 0.49, CALM",
        "SPOOL, CALM, 0.50, BUSY",
        "SPOOL, BUSY, 1.00, OVERLOADED",
        "DISK, CALM, 0.49, CALM",
        "DISK, CALM, 1e18, OVERLOADED",
        "MEMORY, CALM, 0.89, CALM",
        "MEMORY, CALM, 0.90, BUSY",
        "MEMORY, CALM, 1.10, OVERLOADED",
    })
    void levelFollowsFromTheLoadAndDoesNotWaver(Resource resource, Level before, double now, Level after) {
        assertThat(resource.level(now, before)).isEqualTo(after);
    }

    @Test
    void whatIsMeasuredIsReadUntilTheNextSampleAndEachChangeIsToldOnce() {
        PressureGauge gauge = new PressureGauge(Map.of(Resource.DISK, () -> load), events::add);
        load = 1.5;
        assertThat(gauge.get()).isEqualTo(Pressure.calm());
        gauge.sample();
        gauge.sample();
        assertThat(gauge.get().level(Resource.DISK)).isEqualTo(Level.OVERLOADED);
        assertThat(gauge.get().level(Resource.MEMORY)).isEqualTo(Level.CALM);
        load = 0;
        gauge.sample();
        assertThat(events)
                .containsExactly(
                        new PressureEvent.PressureChanged(Resource.DISK, Level.OVERLOADED, 150),
                        new PressureEvent.PressureChanged(Resource.DISK, Level.CALM, 0));
    }

    @Test
    void worstOfSomeAndTheFirstThatLacks() {
        Pressure pressure = new Pressure(Map.of(Resource.MEMORY, Level.OVERLOADED, Resource.SESSIONS, Level.BUSY));
        assertThat(pressure.worst(Resource.SESSIONS, Resource.DISK)).isEqualTo(Level.BUSY);
        assertThat(pressure.worst(Resource.SESSIONS, Resource.MEMORY)).isEqualTo(Level.OVERLOADED);
        assertThat(pressure.lacking(Resource.SESSIONS, Resource.DISK)).isEmpty();
        assertThat(pressure.lacking(Resource.DISK, Resource.MEMORY)).hasValue(Resource.MEMORY);
        assertThat(Pressure.calm().worst(Resource.values())).isEqualTo(Level.CALM);
    }
}
