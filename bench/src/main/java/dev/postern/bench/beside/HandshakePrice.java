package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What a STARTTLS handshake costs beside Postfix: Postern with each provider of TLS and Postfix in turn, sessions
/// that do nothing else.
public final class HandshakePrice {
    private static final int CLIENTS = 10;
    private static final Duration BOUND = Duration.ofMinutes(5);

    private HandshakePrice() {}

    /// How clients shake hands.
    private enum Kind {
        FULL("full, as both ends like best", "TLSv1.3", ""),
        FULL_X25519("full, X25519", "TLSv1.3", "X25519"),
        RESUMED("again, TLS 1.3", "TLSv1.3", ""),
        RESUMED_BEFORE("again, TLS 1.2", "TLSv1.2", "");

        private final String words;
        private final String protocol;
        private final String group;

        /// @param group the only one of the key exchange; empty: those that both ends like best
        Kind(String words, String protocol, String group) {
            this.words = words;
            this.protocol = protocol;
            this.group = group;
        }

        private Handshaker.Way way() {
            return new Handshaker.Way(protocol, group.isEmpty() ? List.of() : List.of(group));
        }

        private boolean resumes() {
            return this == RESUMED || this == RESUMED_BEFORE;
        }
    }

    /// What one measurement came to.
    ///
    /// @param resumed the share of sessions that went on with an earlier one
    private record Figures(double aSecond, double cpuSecondsAThousand, double resumed) {}

    /// Measures and prints a table.
    ///
    /// @param words sessions of each measurement (3000 where there is none), and rounds (3)
    public static void main(String[] words) throws IOException, InterruptedException {
        int sessions = words.length > 0 ? Integer.parseInt(words[0]) : 3000;
        int rounds = words.length > 1 ? Integer.parseInt(words[1]) : 3;
        Path folder = Files.createDirectories(Peers.root().resolve("bench/target/handshakes-" + System.nanoTime()));
        Certificate certificate = Certificate.selfSigned(folder, "mx.bench.test");
        int conscrypt = Ports.free();
        int jsse = Ports.free();
        String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
        try (Postern one = Postern.start(
                        folder.resolve("conscrypt"), configuration(conscrypt, "conscrypt", certificate), conscrypt);
                Postern other = Postern.start(folder.resolve("jsse"), configuration(jsse, "jsse", certificate), jsse);
                Postfix postfix = Postfix.start(folder.resolve("postfix"), postfix())) {
            List<Contender> contenders = List.of(
                    new Contender("Postern", conscrypt, ProcessTree.of(List.of(one.pid()))),
                    new Contender("Postern with Java's TLS", jsse, ProcessTree.of(List.of(other.pid()))),
                    new Contender("Postfix", postfix.port(), ProcessTree.of(List.of(postfix.pid()))));
            Map<Kind, Map<String, List<Figures>>> all = new EnumMap<>(Kind.class);
            for (Contender each : contenders) {
                for (Kind kind : Kind.values()) {
                    measure(each, kind, sessions / 2); // until the JVM has compiled what it runs
                }
            }
            for (int round = 0; round < rounds; round++) {
                List<Contender> order = new ArrayList<>(contenders);
                Collections.rotate(order, round);
                for (Kind kind : Kind.values()) {
                    for (Contender each : order) {
                        Figures figures = measure(each, kind, sessions);
                        all.computeIfAbsent(kind, _ -> new LinkedHashMap<>())
                                .computeIfAbsent(each.name(), _ -> new ArrayList<>())
                                .add(figures);
                        System.out.println(kind.words + ", " + each.name() + ": " + figures);
                    }
                }
            }
            print(sessions, rounds, load, contenders, all);
        }
    }

    private static Figures measure(Contender server, Kind kind, int sessions) throws IOException, InterruptedException {
        Handshaker clients = new Handshaker();
        if (kind.resumes()) {
            for (int client = 0; client < CLIENTS; client++) {
                clients.once(server.port(), name(kind, client, 0), kind.way());
            }
        }
        clients.certificates();
        server.tree().awaitRest(BOUND);
        double cpu = server.tree().cpuSeconds();
        long begin = System.nanoTime();
        meet(server, kind, sessions, clients);
        double seconds = (System.nanoTime() - begin) / 1e9;
        server.tree().awaitRest(BOUND);
        long shown = clients.certificates();
        if (!kind.resumes() && shown != sessions) {
            throw new IOException(
                    server.name() + ", " + kind.words + ": " + shown + " certificates in " + sessions + " handshakes");
        }
        return new Figures(
                sessions / seconds,
                (server.tree().cpuSeconds() - cpu) * 1000 / sessions,
                1 - (double) shown / sessions);
    }

    private static void meet(Contender server, Kind kind, int sessions, Handshaker clients)
            throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                all.add(threads.submit(() -> {
                    for (int i = number; i < sessions; i += CLIENTS) {
                        clients.once(server.port(), name(kind, number, i), kind.way());
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(server.name() + ", " + kind.words + ": " + e.getCause(), e);
        }
    }

    /// A client goes on with its own sessions; under a name of its own each is the first.
    private static String name(Kind kind, int client, int session) {
        return kind.resumes() ? "c" + client + ".bench.test" : "s" + session + ".bench.test";
    }

    private static void print(
            int sessions,
            int rounds,
            String load,
            List<Contender> contenders,
            Map<Kind, Map<String, List<Figures>>> all) {
        System.out.printf(
                Locale.ROOT,
                "%n`bench/handshakes %d %d`, JDK %s, %d processors, load average %s before the start%n%n"
                        + "| handshake | server | a second | CPU s per 1000 | resumed |%n|---|---|---:|---:|---:|%n",
                sessions,
                rounds,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                load);
        all.forEach((kind, servers) -> {
            contenders.forEach(each -> row(kind, each.name(), median(servers, each)));
            Figures ours = median(servers, contenders.getFirst());
            Figures theirs = median(servers, contenders.getLast());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | Postern : Postfix | %.2f | %.2f | |%n",
                    kind.words,
                    ours.aSecond / theirs.aSecond,
                    ours.cpuSecondsAThousand / theirs.cpuSecondsAThousand);
        });
    }

    private static Figures median(Map<String, List<Figures>> servers, Contender of) {
        return median(Objects.requireNonNull(servers.get(of.name()), of.name()));
    }

    private static void row(Kind kind, String name, Figures of) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f | %.2f | %.0f %% |%n",
                kind.words,
                name,
                of.aSecond,
                of.cpuSecondsAThousand,
                100 * of.resumed);
    }

    private static Figures median(List<Figures> of) {
        return new Figures(
                of.stream().mapToDouble(Figures::aSecond).sorted().toArray()[of.size() / 2],
                of.stream().mapToDouble(Figures::cpuSecondsAThousand).sorted().toArray()[of.size() / 2],
                of.stream().mapToDouble(Figures::resumed).sorted().toArray()[of.size() / 2]);
    }

    /// As one would set it up for nothing but this: as many processes as there may be sessions, sessions that can
    /// be gone on with; its log to a file, as Postern's.
    private static Postfix.Settings postfix() throws IOException {
        return Postfix.Settings.receiver("box.test")
                .with("default_process_limit", "200")
                .with("smtpd_client_connection_count_limit", "0")
                .with("smtpd_tls_session_cache_database", "btree:/mnt/data/smtpd_scache");
    }

    private static String configuration(int port, String provider, Certificate certificate) {
        return """
                hostname = "mx.box.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["box.test"]
                recipients = "any"
                postmaster = "postmaster@box.test"
                [tls]
                provider = "%s"
                certificate = "%s"
                key = "%s"
                [limits]
                sessions-per-address = 1000
                [log]
                file = "log"
                """.formatted(port, provider, certificate.chain(), certificate.key());
    }
}
