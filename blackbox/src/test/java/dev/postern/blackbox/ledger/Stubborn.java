package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients of a server in trouble: each sends letter after letter over connections of their own, enters every 250 and
/// every refusal into the ledger, and comes back whatever becomes of its connection.
final class Stubborn {
    private static final int PAUSE_MILLIS = 20;

    private final int port;
    private final Ledger ledger;
    private final Mixture mixture;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile boolean ended;

    private Stubborn(int port, Ledger ledger, Mixture mixture) {
        this.port = port;
        this.ledger = ledger;
        this.mixture = mixture;
    }

    /// So many clients, who begin at once.
    static Stubborn start(int clients, int port, Ledger ledger, Mixture mixture) {
        Stubborn stubborn = new Stubborn(port, ledger, mixture);
        for (int i = 0; i < clients; i++) {
            stubborn.threads.add(Thread.ofVirtual().start(stubborn::run));
        }
        return stubborn;
    }

    /// Sends one letter.
    ///
    /// @return the last reply: 250, or what refused it
    /// @throws IOException when the connection ended before
    static RawSmtp.Reply once(int port, Ledger ledger, Mixture mixture) throws IOException {
        long number = ledger.next();
        List<String> recipients = mixture.recipients(number);
        byte[] octets = mixture.letter(number).octets();
        try (RawSmtp smtp = RawSmtp.connect(port)) {
            List<String> commands = new ArrayList<>(List.of("EHLO load.test", "MAIL FROM:<" + Load.SENDER + ">"));
            recipients.forEach(recipient -> commands.add("RCPT TO:<" + recipient + ">"));
            RawSmtp.Reply reply = smtp.reply();
            for (String command : commands) {
                if (reply.code() / 100 != 2) {
                    return refused(ledger, reply);
                }
                reply = smtp.command(command);
            }
            if (reply.code() / 100 != 2) {
                return refused(ledger, reply);
            }
            smtp.send("BDAT " + octets.length + " LAST\r\n");
            smtp.send(octets);
            reply = smtp.reply();
            if (reply.code() != 250) {
                return refused(ledger, reply);
            }
            ledger.promised(number, recipients);
            return reply;
        }
    }

    private static RawSmtp.Reply refused(Ledger ledger, RawSmtp.Reply reply) {
        String text = reply.texts().getLast();
        ledger.refused(reply.code() + " " + text.split(" ", 2)[0]);
        return reply;
    }

    private void run() {
        try {
            while (!ended) {
                try {
                    if (once(port, ledger, mixture).code() == 250) {
                        continue;
                    }
                } catch (IOException gone) {
                    lost.incrementAndGet();
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the end of all clients.
    ///
    /// @return how many connections ended before a reply
    int end() throws InterruptedException {
        ended = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return lost.get();
    }
}
