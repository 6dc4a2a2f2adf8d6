package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecurringTest {

    private record Told(String last, long times, long total) implements Event {}

    private final List<Event> events = new ArrayList<>();
    private long now;
    private final Recurring<String> recurring = new Recurring<>(Told::new, events::add, () -> now);

    @Test
    void firstTimeIsToldAtOnceAndTheOthersAsANumber() {
        for (int i = 1; i <= 1000; i++) {
            recurring.happened("no " + i);
        }
        assertThat(events).containsExactly(new Told("no 1", 1, 1));
        now += Recurring.PERIOD.toNanos() - 1;
        recurring.sweep();
        assertThat(events).hasSize(1);
        now++;
        recurring.sweep();
        assertThat(events).hasSize(2).last().isEqualTo(new Told("no 1000", 999, 1000));
        recurring.happened("no 1001");
        assertThat(events).hasSize(2);
        now += Recurring.PERIOD.toNanos();
        recurring.happened("no 1002");
        assertThat(events).last().isEqualTo(new Told("no 1002", 2, 1002));
    }

    @Test
    void nothingIsToldOfWhatDidNotHappen() {
        recurring.sweep();
        recurring.happened("once");
        now += 5 * Recurring.PERIOD.toNanos();
        recurring.sweep();
        assertThat(events).hasSize(1);
    }
}
