package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/// What signing adds to taking a message in: a server that signs and one that does not take the same messages of 4 KiB
/// into a queue whose next hop is down, so that nothing but taking them in is measured. CPU time a message, which does
/// not depend on what else the machine does, round after round.
public final class SigningCost {
    private static final int WARM_UP = 3000;
    private static final int MESSAGES = 5000;
    private static final int ROUNDS = 3;
    private static final double MICROS = 1e6;
    private static final Duration BOUND = Duration.ofMinutes(5);

    private SigningCost() {}

    /// Measures and prints.
    public static void main(String[] words) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("signing");
        try {
            Path home = folder.resolve("home");
            Finished init = Postern.command(folder, new byte[0], "init", "postern.test", "-d", home.toString());
            if (init.exitCode() != 0) {
                throw new IOException(init.toString());
            }
            for (int round = 1; round <= ROUNDS; round++) {
                for (boolean dkim : new boolean[] {false, true}) {
                    System.out.println(
                            "round " + round + ", " + (dkim ? "signed:   " : "unsigned: ") + measure(home, dkim));
                }
            }
        } finally {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static String measure(Path home, boolean dkim) throws IOException, InterruptedException {
        int port = Ports.free();
        String toml = """
                hostname = "mail.postern.test"
                data = "data-%s"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                postmaster = "postmaster@postern.test"
                [relay]
                networks = ["127.0.0.1/32"]
                [smarthost.down]
                host = "127.0.0.1"
                port = %d
                [delivery]
                first-wait = "4h"
                [signing]
                dkim = %s
                [log]
                file = "log"
                """.formatted(System.nanoTime(), port, Ports.free(), dkim);
        try (Postern postern = Postern.start(home, toml, port);
                RawSmtp smtp = RawSmtp.connect(port)) {
            expect(220, smtp.reply());
            expect(250, smtp.command("EHLO bench.test"));
            ProcessTree tree = new ProcessTree(ProcessHandle.of(postern.pid()).orElseThrow());
            send(smtp, WARM_UP);
            tree.awaitRest(BOUND);
            double before = tree.cpuSeconds();
            send(smtp, MESSAGES);
            tree.awaitRest(BOUND);
            double micros = (tree.cpuSeconds() - before) * MICROS / MESSAGES;
            return String.format(Locale.ROOT, "%.0f us of CPU a message", micros);
        }
    }

    private static void send(RawSmtp smtp, int messages) throws IOException {
        String line = "Words of no meaning, in lines of some seventy characters, as mail has.\r\n";
        byte[] content = ("From: Joe <postmaster@postern.test>\r\nTo: <a@elsewhere.test>\r\nSubject: Some words\r\n"
                        + "Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <1@postern.test>\r\n\r\n"
                        + line.repeat(4096 / line.length())
                        + ".\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < messages; i++) {
            expect(250, smtp.command("MAIL FROM:<postmaster@postern.test>"));
            expect(250, smtp.command("RCPT TO:<a@elsewhere.test>"));
            expect(354, smtp.command("DATA"));
            smtp.send(content);
            expect(250, smtp.reply());
        }
    }

    private static void expect(int code, RawSmtp.Reply reply) throws IOException {
        if (reply.code() != code) {
            throw new IOException("expected " + code + ", got " + reply);
        }
    }
}
