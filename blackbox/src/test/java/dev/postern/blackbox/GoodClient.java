package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server like any other, which brings one message after the other over one session while others misbehave, from an
/// address of its own. Its thread ends with it.
final class GoodClient {
    /// Its address.
    static final InetAddress ADDRESS = InetAddress.ofLiteral("127.200.0.1");

    private static final Duration SOON = Duration.ofSeconds(30);

    private final RawSmtp smtp;
    private final String recipient;
    private final Thread thread;
    private final AtomicInteger taken = new AtomicInteger();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<Long> nanos = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private GoodClient(RawSmtp smtp, String recipient) {
        this.smtp = smtp;
        this.recipient = recipient;
        this.thread = Thread.ofVirtual().unstarted(this::work);
    }

    /// Opens its session and begins.
    static GoodClient start(int port, String recipient) throws IOException {
        GoodClient client = new GoodClient(Site.greeted(ADDRESS, port), recipient);
        client.thread.start();
        return client;
    }

    private void work() {
        try {
            while (!ended) {
                long begun = System.nanoTime();
                RawSmtp.Reply reply =
                        Site.transfer(smtp, Site.message("good " + taken.get()), "sender@good.test", recipient);
                Site.expect(250, reply);
                nanos.add(System.nanoTime() - begun);
                taken.incrementAndGet();
            }
        } catch (IOException | AssertionError failed) {
            failures.add(failed.toString());
        }
    }

    /// How many messages of its were taken.
    int taken() {
        return taken.get();
    }

    /// Waits until two more of its messages were taken than at an earlier time, and none was not.
    void assertUnharmedSince(int before) throws IOException, InterruptedException {
        Await.until(SOON, () -> taken() >= before + 2 || !failures.isEmpty(), () -> "taken: " + taken());
        assertThat(failures).isEmpty();
    }

    /// The time below which 95 of 100 of its messages were taken.
    Duration p95() {
        List<Long> sorted = new ArrayList<>(nanos);
        sorted.sort(null);
        return sorted.isEmpty() ? Duration.ZERO : Duration.ofNanos(sorted.get((sorted.size() - 1) * 95 / 100));
    }

    /// Ends it with its thread.
    void end() throws IOException, InterruptedException {
        ended = true;
        thread.join(SOON);
        smtp.close();
    }
}
