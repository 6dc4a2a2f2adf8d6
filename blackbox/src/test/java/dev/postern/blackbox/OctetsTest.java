package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Extent;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.RecordingSink;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A message comes out as it went in, octet for octet below the fields that we put on top: in an
/// inbox, at a server that knows DATA only, and at one that knows BDAT.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OctetsTest {
    private static final int SIXTY_MEGABYTES = 60_000_000;
    private static final int ODD_CHUNK = 997;

    private Path folder;

    private RecordingSink plain;
    private RecordingSink chunking;
    private Postern postern;
    private int mx;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        plain = RecordingSink.start("PIPELINING", "8BITMIME");
        chunking = RecordingSink.start("PIPELINING", "8BITMIME", "CHUNKING");
        postern = Postern.start(folder, """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [relay.domains]
                        "plain.test" = "127.0.0.1:%d"
                        "chunking.test" = "127.0.0.1:%d"
                        [limits]
                        message-size = "100MiB"
                        """.formatted(mx, plain.port(), chunking.port()), mx);
    }

    @AfterAll
    void stop() throws IOException {
        if (postern != null) {
            postern.close();
        }
        plain.close();
        chunking.close();
    }

    static List<String> vectors() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(vector("."))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".msg"))
                    .sorted()
                    .toList();
            assertThat(names).hasSize(32);
            return names;
        }
    }

    private static Path vector(String name) throws URISyntaxException {
        return Path.of(OctetsTest.class.getResource("mime").toURI()).resolve(name);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void oddMessageComesOutAsItWentIn(String name) throws Exception {
        byte[] message = Octets.withCrLf(Files.readAllBytes(vector(name)));
        // The folder of an inbox has its name in lower case.
        String local = name.replace(".msg", "").toLowerCase(Locale.ROOT);
        String byData = "data-" + local;
        String byChunks = "bdat-" + local;
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, Site.transfer(smtp, message, "me@example.test", everywhere(byData)));
            Site.expect(250, transferInChunks(smtp, message, everywhere(byChunks)));
        }
        assertThatItIsEverywhere(message, byData);
        assertThatItIsEverywhere(message, byChunks);
    }

    /// 60 MB of them where everything is done, 6 MB elsewhere: both are far beyond what is kept in memory.
    @Test
    void megabytesOfEveryKindOfLineComeOutAsTheyWentIn() throws IOException, InterruptedException {
        byte[] message = Octets.everyKindOfLine(Extent.isFull() ? SIXTY_MEGABYTES : SIXTY_MEGABYTES / 10);
        try (RawSmtp smtp = Site.greeted(mx)) {
            Site.expect(250, Site.transfer(smtp, message, "me@example.test", everywhere("big")));
        }
        assertThatItIsEverywhere(message, "big");
    }

    private static String[] everywhere(String local) {
        return new String[] {local + "@postern.test", local + "@plain.test", local + "@chunking.test"};
    }

    private static RawSmtp.Reply transferInChunks(RawSmtp smtp, byte[] message, String... to) throws IOException {
        Site.envelope(smtp, "me@example.test", to);
        int start = 0;
        while (message.length - start > ODD_CHUNK) {
            smtp.send("BDAT " + ODD_CHUNK + "\r\n");
            smtp.send(Arrays.copyOfRange(message, start, start + ODD_CHUNK));
            Site.expect(250, smtp.reply());
            start += ODD_CHUNK;
        }
        smtp.send("BDAT " + (message.length - start) + " LAST\r\n");
        smtp.send(Arrays.copyOfRange(message, start, message.length));
        return smtp.reply();
    }

    private void assertThatItIsEverywhere(byte[] message, String local) throws IOException, InterruptedException {
        Maildir inbox = new Maildir(folder.resolve("mail/postern.test").resolve(local));
        List<byte[]> delivered = inbox.awaitMessages(1, SOON, postern::log);
        assertThat(delivered).hasSize(1);
        assertThat(Octets.traceFields(delivered.getFirst(), Octets.withLf(message)))
                .containsExactly("return-path", "delivered-to", "received");

        RecordingSink.Taken byData = plain.awaitMessageTo(local + "@plain.test", SOON);
        assertThat(byData.chunked()).isFalse();
        assertThat(Octets.traceFields(byData.content(), message)).containsExactly("received");

        RecordingSink.Taken byChunks = chunking.awaitMessageTo(local + "@chunking.test", SOON);
        assertThat(byChunks.chunked()).isTrue();
        assertThat(Octets.traceFields(byChunks.content(), message)).containsExactly("received");

        assertThat(plain.complaints()).isEmpty();
        assertThat(chunking.complaints()).isEmpty();
    }
}
