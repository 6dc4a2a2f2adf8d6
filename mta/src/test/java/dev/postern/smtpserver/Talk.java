package dev.postern.smtpserver;

import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import dev.postern.wire.SocketConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The client's half of a dialogue with a real socket: a line is said, and the last line of its reply is heard.
final class Talk {
    /// Nothing takes so long unless it never happens.
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private Talk() {}

    static Deadline soon() {
        return Deadline.after(PATIENCE);
    }

    static Connection connect(Endpoint to) throws IOException {
        return switch (to) {
            case Endpoint.Inet inet -> SocketConnection.connect(inet, Optional.empty(), soon());
            case Endpoint.Unix unix -> SocketConnection.connect(unix);
            case Endpoint.Memory memory -> throw new IllegalArgumentException(memory.toString());
        };
    }

    /// The handshake of TLS, behind STARTTLS or at once.
    static void secure(Connection client) throws IOException {
        client.startTls(new ClientTls(TlsProvider.jsse(), List.of()).unverified(World.HOST.text()), soon());
    }

    /// Writes a line, or several with CRLF between them.
    static void send(Connection client, String line) throws IOException {
        client.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1), soon());
        client.flush(soon());
    }

    /// Writes a line and reads its reply.
    static String say(Connection client, String line) throws IOException {
        send(client, line);
        return reply(client);
    }

    /// The last line of the next reply.
    static String reply(Connection client) throws IOException {
        String line;
        do {
            line = client.readLine(1024, soon()).latin1();
        } while (line.charAt(3) == '-');
        return line;
    }
}
