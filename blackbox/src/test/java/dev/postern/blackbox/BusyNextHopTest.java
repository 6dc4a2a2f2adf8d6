package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.BusySink;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A next hop takes few sessions at once and refuses all others with 421: the server finds how many, in few
/// connections, and has that many.
final class BusyNextHopTest {
    private static final int MESSAGES = 300;
    private static final Duration BOUND = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 12})
    void asManySessionsAreOpenedAsItBears(int most) throws IOException, InterruptedException {
        int mx = Ports.free();
        int next = Ports.free();
        try (BusySink sink = BusySink.start(next, most);
                Postern postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "away.test" = "127.0.0.1:%d"
                        [delivery]
                        concurrency = 20
                        first-wait = "1s"
                        first-rest = "1s"
                        """.formatted(mx, next), mx)) {
            try (RawSmtp smtp = Site.greeted(mx)) {
                for (int i = 0; i < MESSAGES; i++) {
                    Site.expect(
                            250, Site.transfer(smtp, Site.message("number " + i), "me@example.test", i + "@away.test"));
                }
            }
            Await.until(
                    SOON,
                    () -> sink.counts().served() == Math.min(most, 5),
                    () -> "the first sessions; " + sink.counts() + "\n" + postern.log());
            sink.open();
            Await.until(
                    BOUND,
                    () -> sink.counts().messages() == MESSAGES,
                    () -> "all messages; " + sink.counts() + "\n" + postern.log());

            BusySink.Counts counts = sink.counts();
            assertThat(counts.highest()).as("sessions at once: " + counts).isEqualTo(most);
            assertThat(counts.refused())
                    .as("refused for " + MESSAGES + " messages: " + counts)
                    .isLessThanOrEqualTo(15);
            assertThat(counts.served())
                    .as("sessions that were served: " + counts)
                    .isLessThanOrEqualTo(2 * most + 15);
            assertThat(postern.log()).contains("lane-throttled");
        }
    }
}
