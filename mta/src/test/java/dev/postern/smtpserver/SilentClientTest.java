package dev.postern.smtpserver;

import static dev.postern.smtpserver.Talk.PATIENCE;
import static dev.postern.smtpserver.Talk.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import dev.postern.wire.Connection;
import dev.postern.wire.MemoryConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A session whose client is silent rests, and goes on with another thread as if nothing had been.
@Timeout(60)
class SilentClientTest {

    private final World world = new World();
    private final MemoryConnection.Pair ends = MemoryConnection.pair();
    private final Connection client = ends.client();

    @AfterEach
    void close() {
        client.close();
    }

    private ServerSession session(SessionTimeouts timeouts) throws IOException {
        ServerSessionSettings settings = World.settings(ListenerRole.MX).withTimeouts(timeouts);
        return new ServerSession(ends.server(), world.spool.nextId(), world.setup(settings));
    }

    private void send(String lines) throws IOException {
        client.write(lines.getBytes(StandardCharsets.US_ASCII), soon());
        client.flush(soon());
    }

    private String reply() throws IOException {
        return Talk.reply(client);
    }

    @Test
    void silenceInTheMidstOfATransactionEndsNothing() throws IOException {
        ServerSession session = session(SessionTimeouts.byDefault());
        assertThat(session.live()).isFalse();
        assertThat(reply()).startsWith("220 ");
        send("EHLO c.example\r\nMAIL FROM:<ann@example.com>\r\n");
        assertThat(session.live()).isFalse();
        assertThat(reply()).startsWith("250 ");
        assertThat(reply()).startsWith("250 2.1.0");
        send("RCPT TO:<alice@example.org>\r\nDA");
        send("TA\r\nSubject: x\r\n\r\ntext\r\n.\r\nQUIT\r\n");
        assertThat(session.live()).isTrue();
        assertThat(reply()).startsWith("250 2.1.5");
        assertThat(reply()).startsWith("354 ");
        assertThat(reply()).startsWith("250 2.0.0");
        assertThat(reply()).startsWith("221 ");
        assertThat(world.spool.count()).isOne();
        assertThat(world.events(SessionEvent.Connected.class)).hasSize(1);
        assertThat(world.events(SessionEvent.Disconnected.class))
                .extracting(SessionEvent.Disconnected::ending)
                .containsExactly(Ending.QUIT);
    }

    @Test
    void timeForACommandIsTheSameWhetherTheSessionRestsMeanwhile() throws IOException {
        SessionTimeouts usual = SessionTimeouts.byDefault();
        ServerSession session =
                session(new SessionTimeouts(Duration.ofMillis(2500), usual.tls(), usual.content(), usual.phases()));
        assertThat(session.live()).isFalse();
        assertThat(session.live()).isTrue();
        assertThat(reply()).startsWith("220 ");
        assertThat(reply()).startsWith("421 4.4.2 ");
    }

    @Test
    void clientIsToldThatTheServerStopsThoughItsSessionRests() throws IOException {
        ServerSession session = session(SessionTimeouts.byDefault());
        assertThat(session.live()).isFalse();
        session.drain(soon());
        assertThat(session.live()).isTrue();
        assertThat(reply()).startsWith("220 ");
        assertThat(reply()).startsWith("421 4.3.2 ");
        assertThat(world.events(SessionEvent.Disconnected.class))
                .extracting(SessionEvent.Disconnected::ending)
                .containsExactly(Ending.DRAINED);
    }

    @Test
    void lastWordsThatAreAboutToBeSaidAreSaidThoughTheServerStopsAtOnce() throws Exception {
        ServerSession session = session(SessionTimeouts.byDefault());
        Thread thread = Thread.ofVirtual().start(session);
        assertThat(reply()).startsWith("220 ");
        Optional<Turn.Wait> wait = session.idleWait();
        while (wait.isEmpty() || !session.claim(wait.get())) {
            Thread.onSpinWait();
            wait = session.idleWait();
        }
        session.abort(soon());
        session.sayShed(soon());
        assertThat(reply()).startsWith("421 4.3.2 ");
        assertThat(thread.join(PATIENCE)).isTrue();
    }

    @Test
    void whatIsToBeDoneAfterASessionIsDoneOnceByItsLastThread() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        new Shifts("session").live(session(SessionTimeouts.byDefault()), over::countDown);
        assertThat(reply()).startsWith("220 ");
        assertThat(over.await(3, TimeUnit.SECONDS))
                .as("over while its client is silent")
                .isFalse();
        send("QUIT\r\n");
        assertThat(reply()).startsWith("221 ");
        assertThat(over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
