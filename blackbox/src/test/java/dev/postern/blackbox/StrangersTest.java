package dev.postern.blackbox;

import static dev.postern.blackbox.Site.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.blackbox.peers.Await;
import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Maildir;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.RawSmtp;
import dev.postern.blackbox.peers.Swaks;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where nobody is allowed to have no manners: who does not wait, or speaks something else, is told once and gone, and
/// real servers and clients do not notice.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StrangersTest {
    private Path folder;
    private Postern postern;
    private int mx;
    private int submissions;

    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        mx = Ports.free();
        submissions = Ports.free();
        postern = Postern.start(folder.resolve("postern"), """
                        hostname = "mail.postern.test"
                        [listen]
                        mx = ["127.0.0.1:%d"]
                        submissions = ["127.0.0.1:%d"]
                        [domains]
                        local = ["postern.test"]
                        recipients = "any"
                        postmaster = "joe@postern.test"
                        [manners]
                        allow = []
                        greeting-wait = "1s"
                        """.formatted(mx, submissions), mx, submissions);
    }

    @AfterAll
    void stop() {
        if (postern != null) {
            postern.close();
        }
    }

    /// A client that nobody has met: each test has addresses of its own.
    private RawSmtp from(String address) throws IOException {
        return RawSmtp.connect(InetAddress.ofLiteral(address), mx);
    }

    private void assertLogged(String event) throws IOException, InterruptedException {
        Await.until(
                SOON,
                () -> postern.log().lines().anyMatch(line -> line.matches(".* " + event)),
                () -> event + " is missing in\n" + postern.log());
    }

    private Maildir inbox(String local) {
        return new Maildir(postern.folder().resolve("mail/postern.test").resolve(local));
    }

    private void assertNothingArrived(String local) throws IOException {
        assertThat(inbox(local).messages()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EHLO client.test\r\n", "EHLO client.test\r\nMAIL FROM:<a@b.test>\r\n", "x"})
    void whoeverSpeaksBeforeTheGreetingIsToldAndGone(String octets) throws Exception {
        try (RawSmtp smtp = from("127.0.1.1")) {
            smtp.send(octets);
            assertThat(smtp.reply().toString())
                    .matches("554-mail\\.postern\\.test ESMTP Postern\\R"
                            + "554 5\\.5\\.1 you spoke before the greeting, good bye \\(id \\w{13}\\)");
            assertThat(smtp.ended()).isTrue();
        }
        assertLogged("early-talk session=\\w+ peer=127\\.0\\.1\\.1:\\d+ said=.*");
        assertLogged("disconnected .*ending=early.talk.*");
    }

    @Test
    void refusalIsExplained() throws Exception {
        String id;
        try (RawSmtp smtp = from("127.0.2.1")) {
            smtp.send("EHLO client.test\r\n");
            id = smtp.reply().toString().replaceFirst("(?s).*\\(id (\\w+)\\)$", "$1");
            assertThat(smtp.ended()).isTrue();
        }
        assertLogged("disconnected session=" + id + " .*");
        Finished explained = Postern.command(postern.folder(), new byte[0], "explain", id);
        assertThat(explained.exitCode()).as("%s", explained).isZero();
        assertThat(explained.output()).contains("greeting", "you spoke before the greeting");
    }

    @Test
    void whoeverDoesNotWaitForTheReplyToItsNameIsToldAndGone() throws Exception {
        try (RawSmtp smtp = from("127.0.3.1")) {
            Site.expect(220, smtp.reply());
            smtp.send("EHLO client.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<early@postern.test>\r\nDATA\r\n\r\n.\r\n");
            assertThat(smtp.reply().toString())
                    .matches("503 5\\.5\\.1 you did not wait for this reply, good bye \\(id \\w{13}\\)");
            assertThat(smtp.ended()).isTrue();
        }
        assertLogged("early-pipelining session=\\w+ peer=127\\.0\\.3\\.1:\\d+ verb=EHLO");
        assertNothingArrived("early");
    }

    @Test
    void browserCannotBringMailIn() throws Exception {
        String commands = """
                EHLO client.test
                MAIL FROM:<a@b.test>
                RCPT TO:<posted@postern.test>
                DATA
                Subject: posted

                Hello.
                .
                QUIT
                """.replace("\n", "\r\n");
        try (HttpClient browser = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + mx + "/"))
                    .POST(HttpRequest.BodyPublishers.ofString(commands))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            assertThatThrownBy(() -> browser.send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
        assertLogged("other-protocol-spoken session=\\w+ peer=127\\.0\\.0\\.1:\\d+ protocol=http");
        assertNothingArrived("posted");
    }

    @Test
    void tlsOnAPortInTheClearIsTold() throws Exception {
        assertThatThrownBy(() -> RawSmtp.connectTls(mx)).isInstanceOf(SSLException.class);
        assertLogged("other-protocol-spoken session=\\w+ peer=127\\.0\\.0\\.1:\\d+ protocol=tls");
    }

    @Test
    void clearTextOnAPortOfTlsIsTold() throws Exception {
        try (RawSmtp smtp = RawSmtp.connect(submissions)) {
            assertThat(smtp.command("EHLO client.test").toString())
                    .matches("554 5\\.7\\.0 this port begins with TLS, and you did not, good bye \\(id \\w{13}\\)");
            assertThatThrownBy(smtp::reply).isInstanceOf(EOFException.class);
        }
        assertLogged("handshake-failed session=\\w+ why=\"the client speaks in the clear, .*\"");
        try (RawSmtp smtp = RawSmtp.connectTls(submissions)) {
            Site.expect(220, smtp.reply());
        }
    }

    @Test
    void swaksWaitsAndPipelinesWhereItMay() throws Exception {
        Peers.require("swaks");
        for (List<String> ways : List.of(
                List.of("--local-interface", "127.0.4.1", "--pipeline"),
                List.of("--local-interface", "127.0.4.1", "--pipeline", "--tls"),
                List.of("--local-interface", "127.0.4.2", "--protocol", "SMTP"))) {
            List<String> options = new ArrayList<>(
                    List.of("--from", "me@example.test", "--to", "swaks@postern.test,other@postern.test"));
            options.addAll(ways);
            Finished sent = Swaks.run(folder, mx, options.toArray(String[]::new));
            assertThat(sent.exitCode()).as(sent.toString()).isZero();
        }
        inbox("swaks").awaitMessages(3, SOON, postern::log);
        inbox("other").awaitMessages(3, SOON, postern::log);
        assertThat(postern.log()).doesNotContainPattern("early-\\S+ session=\\w+ peer=127\\.0\\.4\\.");
    }

    @Test
    void postfixWaitsAndPipelines() throws Exception {
        Peers.require("postfix", "openssl");
        Postfix.Settings relay = Postfix.Settings.relay(mx, Postfix.Tls.MAY).with("smtp_bind_address", "127.0.5.1");
        try (Postfix postfix = Postfix.start(folder.resolve("postfix"), relay)) {
            for (int i = 0; i < 3; i++) {
                Finished taken = postfix.submit(
                        "Subject: hello\n\nHello.\n".getBytes(StandardCharsets.UTF_8),
                        "me@example.test",
                        "postfix@postern.test",
                        "second@postern.test",
                        "third@postern.test");
                assertThat(taken.exitCode()).as(taken.toString()).isZero();
            }
            inbox("postfix").awaitMessages(3, SOON, () -> postfix.log() + postern.log());
            inbox("third").awaitMessages(3, SOON, () -> postfix.log() + postern.log());
        }
        assertThat(postern.log())
                .containsPattern("connected .*peer=127\\.0\\.5\\.1:")
                .doesNotContainPattern("early-\\S+ session=\\w+ peer=127\\.0\\.5\\.1");
    }
}
