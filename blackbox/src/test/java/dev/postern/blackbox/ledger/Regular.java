package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/// A good client beside bad ones: sends letter after letter, each over a connection of its own, enters every 250 into
/// the ledger, and keeps how long each answer took.
///
/// Its own thread touches everything until {@link #end}; the figures are read after that.
final class Regular {
    private static final int OCTETS = 2000;
    private static final String RECIPIENT = "joe@box.test";
    private static final double MILLIS = 1e6;

    private final int port;
    private final Ledger ledger;
    private final Thread thread;
    private final LongStream.Builder answers = LongStream.builder();
    private final LongStream.Builder letters = LongStream.builder();
    private volatile boolean ended;

    private Regular(int port, Ledger ledger) {
        this.port = port;
        this.ledger = ledger;
        this.thread = Thread.ofPlatform().name("regular").unstarted(this::run);
    }

    /// Begins to send.
    ///
    /// @param port of the server, on 127.0.0.1
    static Regular start(int port, Ledger ledger) {
        Regular regular = new Regular(port, ledger);
        regular.thread.start();
        return regular;
    }

    private void run() {
        while (!ended) {
            long began = System.nanoTime();
            try (RawSmtp smtp = RawSmtp.connect(port)) {
                send(smtp);
            } catch (IOException lost) {
                ledger.fault("the good client was not served: " + lost);
                return;
            }
            letters.add(System.nanoTime() - began);
        }
    }

    private void send(RawSmtp smtp) throws IOException {
        long number = ledger.next();
        expect(220, timed(smtp, ""));
        expect(250, timed(smtp, "EHLO regular.test\r\n"));
        expect(250, timed(smtp, "MAIL FROM:<" + Load.SENDER + ">\r\n"));
        expect(250, timed(smtp, "RCPT TO:<" + RECIPIENT + ">\r\n"));
        byte[] octets = new Letter(number, OCTETS).octets();
        smtp.send("BDAT " + octets.length + " LAST\r\n");
        smtp.send(octets);
        expect(250, timed(smtp, ""));
        ledger.promised(number, List.of(RECIPIENT));
        expect(221, timed(smtp, "QUIT\r\n"));
    }

    private RawSmtp.Reply timed(RawSmtp smtp, String words) throws IOException {
        long began = System.nanoTime();
        if (!words.isEmpty()) {
            smtp.send(words);
        }
        RawSmtp.Reply reply = smtp.reply();
        answers.add(System.nanoTime() - began);
        return reply;
    }

    private static void expect(int code, RawSmtp.Reply reply) throws IOException {
        if (reply.code() != code) {
            throw new IOException("expected " + code + ", got " + reply);
        }
    }

    /// Finishes its present letter and sends no other.
    ///
    /// @return how long its answers and its letters took, in words
    String end() throws InterruptedException {
        ended = true;
        thread.join();
        return "the good client's answers " + spread(answers) + ", its letters " + spread(letters);
    }

    private static String spread(LongStream.Builder times) {
        long[] sorted = times.build().sorted().toArray();
        return String.format(
                Locale.ROOT,
                "p50 %.1f ms, p95 %.1f ms, longest %.1f ms of %d",
                at(sorted, 50),
                at(sorted, 95),
                at(sorted, 100),
                sorted.length);
    }

    private static double at(long[] sorted, int percent) {
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) * percent / 100] / MILLIS;
    }
}
