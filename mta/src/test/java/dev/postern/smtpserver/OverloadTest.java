package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import dev.postern.pressure.Pressure;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// More clients than there is room for: each is served or told to come again, and none of their mail is lost.
@Timeout(120)
class OverloadTest {

    private static final int CLIENTS = 60;
    private static final int ROOM = 8;
    private static final int MESSAGES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Nobody is asked to leave within this test.
    private static final Shedding PATIENT = new Shedding(PATIENCE.multipliedBy(2), PATIENCE.multipliedBy(2));

    private final World world = new World();

    @Test
    void whoComesAgainIsServedAndNothingIsLost() throws Exception {
        SessionCensus census = new SessionCensus(CensusLimits.of(ROOM, ROOM + CLIENTS));
        Endpoint any = new Endpoint.Inet(InetAddress.ofLiteral("127.0.0.1"), 0);
        Listener listener = Listener.open(
                new ListenerSettings(ListenerRole.MX, List.of(any)),
                new LoadShedder(census, PATIENT, Pressure::calm, world.events::add),
                () -> world.setup(World.settings(ListenerRole.MX)),
                world.events::add);
        // Idle clients take most of the room until somebody was turned away, so that it is full for certain.
        List<Connection> idle = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Endpoint.Inet address = (Endpoint.Inet) listener.addresses().getFirst();
            for (int i = 0; i < ROOM; i++) {
                idle.add(connect(address));
                assertThat(reply(idle.getLast())).startsWith("220 ");
            }
            List<CompletableFuture<Integer>> sent = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                sent.add(CompletableFuture.supplyAsync(() -> insist(address), clients));
            }
            world.await(ListenerEvent.TurnedAway.class);
            idle.forEach(Connection::close);
            for (CompletableFuture<Integer> one : sent) {
                assertThat(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(MESSAGES);
            }
        } finally {
            listener.close();
        }
        assertThat(world.spool.count()).isEqualTo(CLIENTS * MESSAGES);
        assertThat(world.spool.open()).isEmpty();
        assertThat(world.events(SessionEvent.Broken.class)).isEmpty();
        assertThat(census.present()).isZero();
        assertThat(census.households()).isZero();
    }

    /// Comes again whenever it is turned away.
    ///
    /// @return how many messages were taken
    private static int insist(Endpoint.Inet address) {
        Deadline deadline = Deadline.after(PATIENCE);
        int taken = 0;
        while (taken == 0 && !deadline.passed()) {
            taken = visit(address);
        }
        return taken;
    }

    private static int visit(Endpoint.Inet address) {
        try (Connection client = connect(address)) {
            String greeting = reply(client);
            if (greeting.startsWith("220 ")) {
                return send(client);
            }
            assertThat(greeting).startsWith("421 4.3.2 ");
            return 0;
        } catch (EOFException | SocketException turnedAway) {
            return 0; // the reply may be lost where the client is turned away so fast
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int send(Connection client) throws IOException {
        int taken = 0;
        assertThat(say(client, "EHLO c.example.com")).startsWith("250 ");
        for (int i = 0; i < MESSAGES; i++) {
            assertThat(say(client, "MAIL FROM:<a@example.com>")).startsWith("250 2.1.0");
            assertThat(say(client, "RCPT TO:<alice@example.org>")).startsWith("250 2.1.5");
            assertThat(say(client, "DATA")).startsWith("354 ");
            assertThat(say(client, "Subject: x\r\n\r\ntext\r\n.")).startsWith("250 2.0.0 ok: queued");
            taken++;
        }
        assertThat(say(client, "QUIT")).startsWith("221 ");
        return taken;
    }

    private static Connection connect(Endpoint.Inet address) throws IOException {
        return SocketConnection.connect(address, Optional.empty(), Deadline.after(PATIENCE));
    }

    private static String say(Connection client, String command) throws IOException {
        client.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII), Deadline.after(PATIENCE));
        client.flush(Deadline.after(PATIENCE));
        return reply(client);
    }

    private static String reply(Connection client) throws IOException {
        String line;
        do {
            line = client.readLine(1024, Deadline.after(PATIENCE)).latin1();
        } while (line.charAt(3) == '-');
        return line;
    }
}
