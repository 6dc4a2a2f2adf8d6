package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The tables with a column a server, and the goals in them.
final class RowTableTest {
    private static final Figure SLOW = new Figure(1000, 1.25, 47);

    @Test
    void aRowHasAColumnAServerItsRatioAndWhatWasMissed() {
        Map<Row, Map<Server, List<Figure>>> results = new EnumMap<>(Row.class);
        Map<Server, List<Figure>> kept = new EnumMap<>(Server.class);
        kept.put(Server.POSTERN, List.of(new Figure(9000, 0.1, 300), new Figure(1, 9, 9), new Figure(9500, 0.2, 400)));
        kept.put(Server.POSTFIX, List.of(SLOW));
        kept.put(Server.EXIM, List.of(SLOW));
        results.put(Row.ACCEPT_KEPT, kept);
        Map<Server, List<Figure>> crowd = new EnumMap<>(Server.class);
        crowd.put(Server.POSTERN, List.of(new Figure(5000, 0.12, 420)));
        crowd.put(Server.SINK, List.of(new Figure(10_000, 0.05, 1)));
        results.put(Row.ACCEPT_CROWD, crowd);
        assertThat(RowTable.of(results)).isEqualTo("""
                | | Postern | Postfix | Exim | smtp-sink alone | Postern : Postfix | goals of Postern |
                |---|---|---|---|---|---|---|
                | 20 sessions, many a session | 9,000 · 0.20 s · 300 | 1,000 · 1.25 s · 47 | 1,000 · 1.25 s · 47 | — | 9.00 | ≥ 8.0 × Postfix: met (9.0 × Postfix); ≤ 0.15 s: **missed** by 33 % (0.20 s); ≤ 350 MiB: met (300 MiB) |
                | 100 sessions, many a session | 5,000 · 0.12 s · 420 | — | — | 10,000 · 0.05 s · 1 | — | ≥ 60 % of the sink: **missed** by 17 % (50 % of the sink); ≤ 0.15 s: met (0.12 s); ≤ 350 MiB: **missed** by 20 % (420 MiB) |
                """);
    }

    @Test
    void aServerThatFailedHasADash() {
        Map<Row, Map<Server, List<Figure>>> results = new EnumMap<>(Row.class);
        results.put(Row.RELAY_LARGE, Map.of(Server.HARAKA, List.of(SLOW)));
        assertThat(RowTable.of(results)).endsWith("| 64 KiB, 20 sessions, many | 1,000 · 1.25 s · 47 | — | — |\n");
    }
}
