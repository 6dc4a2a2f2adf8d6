package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tables of the works that are none of rows and servers.
final class OtherTablesTest {
    @Test
    void latencyIsBesidePostfixAndBelowItsBound() {
        Map<Server, Latency.Figures> servers = new EnumMap<>(Server.class);
        servers.put(Server.POSTERN, new Latency.Figures(600, 8000, 4000, 1.5, 12));
        servers.put(Server.POSTFIX, new Latency.Figures(500, 1600, 800, 3, 30));
        assertThat(Latency.table(servers)).isEqualTo("""
                | | one session | 20 sessions, at most | offered half of that | median of the 250 | p99 | goals of Postern |
                |---|---:|---:|---:|---:|---:|---|
                | Postern | 600 | 8,000 | 4,000 | 1.50 ms | 12.00 ms | one session ≥ 1.00 × Postfix: met (1.20 × Postfix); p99 ≤ 10.0 ms: **missed** by 20 % (12.0 ms) |
                | Postfix | 500 | 1,600 | 800 | 3.00 ms | 30.00 ms |  |
                """);
    }

    @Test
    void distanceIsCountedInRoundTripsOfEachConnection() {
        assertThat(Distance.table(List.of(
                        new Distance.Seen(Server.POSTERN, 1, 20, 1, 1),
                        new Distance.Seen(Server.POSTFIX, 5, 25, 7, 5))))
                .isEqualTo("""
                | connections permitted | server | messages a second | round trips a message on each | connections opened | at once | goals of Postern |
                |---:|---|---:|---:|---:|---:|---|
                | 1 | Postern | 20.0 | 1.00 | 1 | 1 | ≤ 1.10 round trips: met (1.00 round trips); ≤ 1 at once: met (1 at once) |
                | 5 | Postfix | 25.0 | 4.00 | 7 | 5 |  |
                """);
    }

    @Test
    void tlsShowsWhatWentOn() {
        Secured.Measured one = new Secured.Measured(new Figure(500, 1, 100), 0.5);
        Map<Secured.Kind, Map<Server, Secured.Measured>> measured = new EnumMap<>(Secured.Kind.class);
        measured.put(Secured.Kind.FULL, Map.of(Server.POSTERN, one));
        Map<Server, Secured.Measured> both = new EnumMap<>(Server.class);
        both.put(Server.POSTERN, one);
        both.put(Server.POSTFIX, new Secured.Measured(new Figure(250, 2, 50), 0));
        measured.put(Secured.Kind.AGAIN, both);
        assertThat(Secured.table(List.of(Server.POSTERN, Server.POSTFIX), measured))
                .isEqualTo("""
                | | Postern | Postfix | Postern : Postfix |
                |---|---|---|---|
                | TLS 1.3, a full handshake each | 500 · 1.00 s · 100 | — | — |
                | TLS 1.3, sessions gone on with | 500 · 1.00 s · 100 (50 % went on) | 250 · 2.00 s · 50 (0 % went on) | 2.00 |
                """);
    }

    @Test
    void threadsOfANameAreOneLineAndSmallOnesAreLeftOut() {
        Map<String, Double> seconds = new TreeMap<>();
        String figures = " S" + " 0".repeat(10);
        ThreadTimes.read("7 (ForkJoinPool-1-) " + figures.strip() + " 150 50 0", seconds);
        ThreadTimes.read("8 (ForkJoinPool-2-) " + figures.strip() + " 100 0 0", seconds);
        ThreadTimes.read("9 (C2 CompilerThre) " + figures.strip() + " 90 10 0", seconds);
        ThreadTimes.read("9 (GC Thread#1) " + figures.strip() + " 1 0 0", seconds);
        ThreadTimes times = new ThreadTimes(seconds).since(new ThreadTimes(Map.of("C2 CompilerThre", 0.25)));
        assertThat(Profile.threads(times, 1000)).isEqualTo("""
                | threads | CPU s per 1000 | of all |
                |---|---:|---:|
                | ForkJoinPool- | 3.000 | 80 % |
                | C2 CompilerThre | 0.750 | 20 % |
                """);
    }

    @Test
    void sharesOfSamplesAreSorted() {
        assertThat(Profile.shares("package", "of all", Map.of("a", 1, "b", 3))).isEqualTo("""
                | package | of all |
                |---|---:|
                | `b` | 75.0 % |
                | `a` | 25.0 % |
                """);
    }
}
