package dev.postern.bench.beside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A path with a delay changes nothing but the time.
final class DelayingProxyTest {
    private static final Duration DELAY = Duration.ofMillis(5);
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final int LINES = 20_000;

    @Test
    void octetsArriveInTheirOrderAndConnectionsAreCounted() throws IOException, InterruptedException {
        try (RecordingSink sink = RecordingSink.start();
                DelayingProxy path = DelayingProxy.start(sink.port(), DELAY)) {
            StringBuilder content = new StringBuilder();
            for (int i = 0; i < LINES; i++) {
                content.append(i).append("\r\n");
            }
            try (RawSmtp one = RawSmtp.connect(path.port());
                    RawSmtp other = RawSmtp.connect(path.port())) {
                assertThat(one.reply().code()).isEqualTo(220);
                assertThat(other.reply().code()).isEqualTo(220);
                assertThat(one.command("MAIL FROM:<a@b.test>").code()).isEqualTo(250);
                assertThat(one.command("RCPT TO:<c@d.test>").code()).isEqualTo(250);
                assertThat(one.command("DATA").code()).isEqualTo(354);
                one.send(content + ".\r\n");
                assertThat(one.reply().code()).isEqualTo(250);
                assertThat(one.command("QUIT").code()).isEqualTo(221);
                assertThat(one.ended()).isTrue();
            }
            assertThat(sink.awaitMessages(1, BOUND).getFirst().content())
                    .asString()
                    .isEqualTo(content.toString());
            assertThat(path.connections()).isEqualTo(2);
            assertThat(path.mostAtOnce()).isEqualTo(2);
            assertThat(sink.complaints()).isEmpty();
        }
    }

    @Test
    void aServerThatIsNotThereIsAConnectionThatEnds() throws IOException, InterruptedException {
        RecordingSink gone = RecordingSink.start();
        gone.close();
        try (DelayingProxy path = DelayingProxy.start(gone.port(), DELAY);
                RawSmtp client = RawSmtp.connect(path.port())) {
            assertThat(client.ended()).isTrue();
            assertThat(path.connections()).isZero();
        }
    }
}
