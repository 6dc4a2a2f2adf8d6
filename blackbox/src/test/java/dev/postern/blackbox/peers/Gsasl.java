package dev.postern.blackbox.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Runs gsasl, a client that logs in by SMTP and leaves: its transcript on standard output.
///
/// It hears an offer of STARTTLS on any line of the reply to EHLO but the last, where Postern has it, and lets it be;
/// so
/// it speaks through a relay that puts the offer one line up. What comes after STARTTLS passes as it is: the TLS
/// connection is between the two.
public final class Gsasl {
    private static final Duration BOUND = Duration.ofSeconds(60);
    private static final int MOST = 16_384;
    private static final String OFFER = "250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n";
    private static final String OFFER_IT_HEARS = "250-STARTTLS\r\n250 ENHANCEDSTATUSCODES\r\n";

    private Gsasl() {}

    /// Logs in at a port of 127.0.0.1, after STARTTLS.
    ///
    /// @param folder its working folder
    /// @param options such as `--no-cb`
    /// @return the transcript; exit code 0 only where the login succeeded
    public static Finished login(Path folder, int port, Credentials credentials, String... options)
            throws IOException, InterruptedException {
        try (ServerSocket relay = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread relaying = Thread.ofVirtual().start(() -> relay(relay, port));
            List<String> command = new ArrayList<>(List.of(
                    "gsasl",
                    "--client",
                    "--smtp",
                    "--x509-ca-file=",
                    "--verbose",
                    "--connect=127.0.0.1:" + relay.getLocalPort(),
                    "--mechanism=" + credentials.mechanism(),
                    "--authentication-id=" + credentials.user(),
                    "--password=" + credentials.password()));
            command.addAll(List.of(options));
            Finished finished = Peers.exec("gsasl", folder, new byte[0], BOUND, command);
            relaying.join(BOUND);
            return finished;
        }
    }

    /// Who logs in, and how.
    public record Credentials(String mechanism, String user, String password) {}

    private static void relay(ServerSocket listening, int port) {
        try (Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            Thread up = Thread.ofVirtual().start(() -> copy(client, server));
            down(server.getInputStream(), client.getOutputStream());
            client.shutdownOutput();
            up.join(BOUND);
        } catch (IOException gone) {
            return; // one of the two has left: its transcript tells
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException gone) {
            return; // the other direction ends with it
        }
    }

    /// Copies what the server says, up to the offer as a whole.
    private static void down(InputStream server, OutputStream client) throws IOException {
        ByteArrayOutputStream clear = new ByteArrayOutputStream();
        int sent = 0;
        while (sent < MOST) {
            int octet = server.read();
            if (octet < 0) {
                break;
            }
            clear.write(octet);
            String text = clear.toString(StandardCharsets.ISO_8859_1);
            if (text.endsWith(OFFER)) {
                client.write(text.replace(OFFER, OFFER_IT_HEARS).substring(sent).getBytes(StandardCharsets.ISO_8859_1));
                server.transferTo(client);
                return;
            }
            if (!text.contains("250-") && text.endsWith("\n")) {
                client.write(text.substring(sent).getBytes(StandardCharsets.ISO_8859_1));
                sent = text.length();
            }
        }
        client.write(clear.toString(StandardCharsets.ISO_8859_1).substring(sent).getBytes(StandardCharsets.ISO_8859_1));
    }
}
