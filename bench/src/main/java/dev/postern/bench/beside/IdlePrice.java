package dev.postern.bench.beside;

import dev.postern.blackbox.crowd.Crowd;
import dev.postern.blackbox.crowd.Habit;
import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Memory;
import dev.postern.blackbox.peers.OpenFiles;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What one session costs while its client is idle: in the clear, and under TLS of either implementation, each with a
/// server of its own. Heap after a collection, PSS, threads, and the classes that the heap consists of.
public final class IdlePrice {
    private static final int WARM_UP = 10_000;
    private static final int SECURED = 1000;
    private static final int SPARE_FILES = 300;
    private static final int CLASSES = 12;
    private static final int MANY = 20_000;
    // What the server keeps of its files for other things than sessions, and some for us.
    private static final int OTHER_FILES = 1024 + 76;
    private static final int EACH = 12 << 10;
    private static final int ALL_MIB = 400;
    private static final Duration BOUND = Duration.ofMinutes(5);
    private static final double STEADY = 0.02;

    private IdlePrice() {}

    /// Clients that come and stay.
    private interface Arrival {
        void close() throws IOException;
    }

    /// Measures and prints.
    ///
    /// @param words the number of sessions in the clear, 4000 where there is none
    public static void main(String[] words) throws IOException, InterruptedException {
        int plain = (int)
                Math.min(words.length > 0 ? Integer.parseInt(words[0]) : 4000, OpenFiles.permitted() - SPARE_FILES);
        print(measure("in the clear", "auto", plain, IdlePrice::crowd));
        for (String provider : new String[] {"conscrypt", "jsse"}) {
            print(measure("TLS of " + provider, provider, SECURED, IdlePrice::secured));
        }
    }

    private interface Coming {
        Arrival come(int port, int count) throws IOException, InterruptedException;
    }

    private static Arrival crowd(int port, int count) throws IOException, InterruptedException {
        Crowd crowd = Crowd.start();
        crowd.join(count, Habit.idle(), new InetSocketAddress(Ports.loopback(), port));
        crowd.await(present -> present.settled() == count, BOUND);
        return crowd::close;
    }

    private static Arrival secured(int port, int count) throws IOException {
        List<RawSmtp> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawSmtp client = RawSmtp.connect(port);
            clients.add(client);
            expect(220, client.reply());
            expect(250, client.command("EHLO idle.test"));
            expect(220, client.startTls());
            expect(250, client.command("EHLO idle.test"));
        }
        return () -> {
            for (RawSmtp client : clients) {
                client.close();
            }
        };
    }

    private static void expect(int code, RawSmtp.Reply reply) throws IOException {
        if (reply.code() != code) {
            throw new IOException("expected " + code + ", got " + reply);
        }
    }

    /// What many of one kind cost together.
    ///
    /// @param before the server without them
    /// @param with the server with all of them
    private record Price(String kind, int count, Memory before, Memory with) {
        private long heapEach() {
            return (with.heap() - before.heap()) / count;
        }
    }

    /// Measures as many in the clear as may be open, 20 000 at most, and some under TLS.
    ///
    /// @return a table
    static String run(Size size, Consumer<String> progress) throws IOException, InterruptedException {
        int most = size.messages() > 0 ? size.messages() : MANY;
        int plain = (int) Math.min(most, OpenFiles.permitted() - OTHER_FILES);
        List<Price> prices = List.of(
                measure("in the clear", "auto", plain, IdlePrice::crowd),
                measure("under TLS", "auto", Math.min(most, SECURED), IdlePrice::secured));
        StringBuilder table = new StringBuilder("""
                | sessions | octets of heap each | PSS of the server MiB | without them | threads | goals of Postern |
                |---|---:|---:|---:|---:|---|
                """);
        for (Price price : prices) {
            progress.accept("idle: " + price.count + " " + price.kind);
            table.append(String.format(
                    Locale.ROOT,
                    "| %,d %s | %,d | %d | %d | %d | %s |%n",
                    price.count,
                    price.kind,
                    price.heapEach(),
                    price.with.pss() >> 20,
                    price.before.pss() >> 20,
                    price.with.threads(),
                    goals(price)));
        }
        return table.toString();
    }

    private static String goals(Price price) {
        return price.kind.equals("under TLS")
                ? ""
                : Verdict.atMost(EACH, (double) price.heapEach(), "%.0f octets") + "; "
                        + Verdict.atMost(ALL_MIB, (double) (price.with.pss() >> 20), "%.0f MiB");
    }

    private static Price measure(String kind, String provider, int count, Coming coming)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("idle");
        int port = Ports.free();
        try (Postern postern = Postern.start(folder, configuration(port, provider), port)) {
            coming.come(port, Math.min(count, WARM_UP)).close();
            Memory before = rested(postern);
            Arrival arrived = coming.come(port, count);
            try {
                return new Price(kind, count, before, rested(postern));
            } finally {
                arrived.close();
            }
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /// The memory when two looks in turn see the same.
    private static Memory rested(Postern postern) throws IOException, InterruptedException {
        new ProcessTree(ProcessHandle.of(postern.pid()).orElseThrow()).awaitRest(BOUND);
        Memory[] last = {Memory.of(postern.pid())};
        Await.until(
                BOUND,
                () -> {
                    new ProcessTree(ProcessHandle.of(postern.pid()).orElseThrow()).awaitRest(BOUND);
                    Memory now = Memory.of(postern.pid());
                    boolean steady = Math.abs(now.heap() - last[0].heap()) < STEADY * now.heap();
                    last[0] = now;
                    return steady;
                },
                () -> "a steady heap");
        return last[0];
    }

    private static void print(Price price) {
        Memory before = price.before;
        Memory with = price.with;
        System.out.printf(
                Locale.ROOT,
                "%s, %d sessions: heap %d octets each, PSS %d octets each, %d threads (%d before)%n",
                price.kind,
                price.count,
                price.heapEach(),
                (with.pss() - before.pss()) / price.count,
                with.threads(),
                before.threads());
        with.classes().entrySet().stream()
                .map(entry -> Map.entry(
                        entry.getKey(),
                        (double) (entry.getValue() - before.classes().getOrDefault(entry.getKey(), 0L)) / price.count))
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(CLASSES)
                .forEach(entry -> System.out.printf(Locale.ROOT, "  %8.0f  %s%n", entry.getValue(), entry.getKey()));
    }

    private static String configuration(int port, String provider) {
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
                [limits]
                sessions = 100000
                sessions-mx = 100000
                sessions-per-address = 100000
                [log]
                file = "log"
                """.formatted(port, provider);
    }
}
