package dev.postern.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions under TLS as openssl sees them: gone on with, and by the key exchanges that it knows.
@ParameterizedClass
@ValueSource(strings = {"conscrypt", "jsse"})
final class TlsSessionsTest {
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final byte[] WORDS = "ehlo client.test\nquit\n".getBytes(StandardCharsets.US_ASCII);

    @Parameter
    private String provider = "";

    @TempDir
    private Path folder;

    private int port;
    private Postern postern;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Peers.require("openssl");
        port = Ports.free();
        Certificate.selfSigned(folder, "mx.postern.test");
        Files.createDirectories(folder.resolve("server"));
        postern = Postern.start(
                folder.resolve("server"),
                """
                hostname = "mx.postern.test"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                recipients = "any"
                postmaster = "joe@postern.test"
                [tls]
                certificate = "%s"
                key = "%s"
                provider = "%s"
                """.formatted(port, folder.resolve("cert.pem"), folder.resolve("key.pem"), provider),
                port);
    }

    @AfterEach
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    private String session(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "openssl", "s_client", "-connect", "127.0.0.1:" + port, "-starttls", "smtp", "-crlf", "-ign_eof"));
        command.addAll(List.of(options));
        String said = Peers.exec("openssl", folder, WORDS, BOUND, command).output();
        assertThat(said).contains("221 2.0.0 bye");
        return said;
    }

    @Test
    void areGoneOnWith() throws IOException, InterruptedException {
        for (String version : List.of("-tls1_3", "-tls1_2")) {
            assertThat(session(version, "-sess_out", "/mnt/session")).contains("New, TLSv1.");
            assertThat(session(version, "-sess_in", "/mnt/session")).contains("Reused, TLSv1.");
        }
    }

    @Test
    void whoKnowsNoPostQuantumExchangeIsServed() throws IOException, InterruptedException {
        Map<String, String> told = Map.of("X25519", "X25519", "P-256", "prime256v1", "P-384", "secp384r1");
        for (Map.Entry<String, String> each : told.entrySet()) {
            assertThat(session("-tls1_3", "-groups", each.getKey())
                            .lines()
                            .filter(line -> line.contains("Server Temp Key")))
                    .singleElement()
                    .asString()
                    .contains(each.getValue());
        }
    }
}
