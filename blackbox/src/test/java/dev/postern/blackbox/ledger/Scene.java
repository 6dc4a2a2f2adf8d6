package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// The server of these scenarios: `box.test` lives in its Maildirs, `away.test` and the senders' `back.test` at one
/// next hop.
final class Scene {
    private static final int END_OF_LOG = 20_000;
    private static final Duration DRAIN = Duration.ofMinutes(5);

    // What a JVM that SIGTERM has ended gives as its exit code.
    private static final int TERMINATED = 128 + 15;

    private Scene() {}

    /// A server that tries again soon.
    ///
    /// @param workers deliveries at once
    static String configuration(int port, int nextHop, int workers) {
        return text(port, nextHop, workers, "1s", "2s");
    }

    /// The same with options of its own.
    static String configuration(int port, int nextHop, int workers, Options options) {
        return text(port, nextHop, workers, "1s", "2s")
                        .replaceFirst(
                                "(?m)^total-concurrency = .*$", "total-concurrency = " + workers + options.delivery())
                + options.sections();
    }

    /// The same server with its spool and its inboxes on a disk of their own.
    static String on(Path disk, String configuration) {
        return "data = \"" + disk.resolve("data") + "\"\n" + configuration + "[inboxes]\nroot = \""
                + disk.resolve("mail") + "\"\n";
    }

    /// Waits until all that was promised has arrived and the queue is empty, and ends the server.
    static void drain(Postern postern, Inboxes inboxes, Ledger ledger) throws IOException, InterruptedException {
        Await.until(
                DRAIN,
                () -> {
                    inboxes.collect(ledger);
                    return ledger.outstanding() == 0;
                },
                () -> ledger.balance() + "\n" + endOfLog(postern));
        awaitEmptyQueue(postern, DRAIN);
        stop(postern);
        inboxes.collect(ledger);
    }

    /// A server that waits a while before it tries again, so that it has time for other things meanwhile.
    static String patient(int port, int nextHop, int workers) {
        return text(port, nextHop, workers, "20s", "1m");
    }

    private static String text(int port, int nextHop, int workers, String firstWait, String longestWait) {
        return """
                hostname = "mx.box.test"
                [listen]
                mx = ["127.0.0.1:%1$d"]
                [domains]
                local = ["box.test"]
                recipients = "any"
                postmaster = "postmaster@box.test"
                [relay.domains]
                "away.test" = "127.0.0.1:%2$d"
                "back.test" = "127.0.0.1:%2$d"
                [delivery]
                private-addresses = true
                concurrency = %4$d
                total-concurrency = %3$d
                first-wait = "%5$s"
                longest-wait = "%6$s"
                first-rest = "%5$s"
                longest-rest = "%6$s"
                [dns]
                servers = ["127.0.0.1:1"]
                """.formatted(port, nextHop, workers, workers / 2, firstWait, longestWait);
    }

    /// The last lines of what the server wrote, for the message of a failed assertion.
    static String endOfLog(Postern postern) {
        String log = postern.log();
        return log.substring(Math.max(0, log.length() - END_OF_LOG));
    }

    /// Asks the server to end and sees that it does so in good order.
    static void stop(Postern postern) throws InterruptedException {
        assertThat(postern.stop()).as(() -> endOfLog(postern)).isIn(0, TERMINATED);
    }

    /// Waits until nothing is left in the queue of a running server, as its command line tells.
    static void awaitEmptyQueue(Postern postern, Duration bound) throws IOException, InterruptedException {
        Await.until(
                bound,
                () -> {
                    Finished list = postern.cli("queue", "list", "--json");
                    if (list.exitCode() != 0) {
                        throw new IOException("the queue cannot be listed: " + list);
                    }
                    return list.output().lines().noneMatch(line -> line.contains("\"id\""));
                },
                () -> "an empty queue\n" + endOfLog(postern));
    }
}
