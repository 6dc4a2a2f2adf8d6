package dev.postern.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.event.Events;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An authority that cannot be spoken with: what it came to is a sentence, and never an exception.
class AcmeAuthorityTest {
    @TempDir
    private Path folder;

    private String failure(URI directory) throws Exception {
        AcmeSettings settings = new AcmeSettings(
                new AcmeSettings.Authority(directory, List.of(), Optional.empty(), List.of()),
                List.of(DomainName.of("mail.example.org")),
                List.of(SelfSigned.Kind.ECDSA),
                ChallengeKind.HTTP_01,
                new AcmeSettings.Pace(10, AcmeSettings.Pace.waits(Duration.ofMinutes(15))));
        AcmeAuthority authority = new AcmeAuthority(
                settings,
                new AcmeFolder(folder),
                new ChallengeBoard(TextRecords.none()),
                InstantSource.system(),
                Events.none());
        Issuance issuance = authority.issue(new CertificateAuthority.Order(
                settings.names(), SelfSigned.Kind.ECDSA.pair(Optional.empty()), Optional.empty()));
        assertThat(issuance).isInstanceOf(Issuance.Failed.class);
        return ((Issuance.Failed) issuance).why();
    }

    @Test
    void authorityThatNobodyIsAtIsNamed() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(failure(URI.create("https://127.0.0.1:" + port + "/dir")))
                .isEqualTo("127.0.0.1:" + port + " cannot be asked: nobody listens there, or no way leads there");
    }

    @Test
    void authorityThatSpeaksNoTlsIsNamed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread answering = Thread.ofVirtual().start(() -> answerInTheClear(server));
            assertThat(failure(URI.create("https://127.0.0.1:" + server.getLocalPort() + "/dir")))
                    .startsWith("127.0.0.1:" + server.getLocalPort() + " cannot be asked: no TLS, ");
            answering.interrupt();
        }
    }

    private static void answerInTheClear(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException gone) {
                return; // the test is over, or the client has seen enough
            }
        }
    }
}
