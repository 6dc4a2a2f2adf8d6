package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How many messages a measurement has.
final class SizeTest {
    private final List<Integer> sent = new ArrayList<>();

    @Test
    void aLookAtTheRateTellsHowManyLastTheSeconds() throws IOException, InterruptedException {
        Size size = new Size(3, 2, 0);
        assertThat(size.look(way(1000.0, 900.0))).isEqualTo(1800);
        assertThat(sent).containsExactly(50, 400);
    }

    @Test
    void ofASlowServerOneLookIsEnough() throws IOException, InterruptedException {
        assertThat(new Size(3, 2, 0).look(way(110.0))).isEqualTo(220);
        assertThat(new Size(3, 2, 0).look(way(3.0))).isEqualTo(50);
    }

    @Test
    void warmingUpHasABatchForEachSecond() throws IOException, InterruptedException {
        new Size(3, 2, 0).warmUp(Duration.ofSeconds(3), way(100.0, 200.0, 30.0, 800.0));
        assertThat(sent).containsExactly(50, 100, 200, 50);
    }

    @Test
    void aNumberOfMessagesIsThatAndNothingIsWarmedUp() throws IOException, InterruptedException {
        Size size = new Size(1, 2, 500);
        size.warmUp(Duration.ofSeconds(10), way());
        assertThat(size.look(way())).isEqualTo(500);
        assertThat(size.messages(10_000)).isEqualTo(500);
        assertThat(sent).isEmpty();
    }

    /// Keeps what is sent through it, and has these rates.
    private Size.Way way(Double... rates) {
        Iterator<Double> next = List.of(rates).iterator();
        return messages -> {
            sent.add(messages);
            return next.next();
        };
    }
}
