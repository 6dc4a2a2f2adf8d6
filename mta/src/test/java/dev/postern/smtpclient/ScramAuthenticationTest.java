package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.SelfSigned;
import dev.postern.event.Events;
import dev.postern.sasl.StrictBase64;
import dev.postern.smtp.Dialect;
import dev.postern.tls.ClientTls;
import dev.postern.tls.PkixCheck;
import dev.postern.tls.ServerTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What our client does with servers that offer SCRAM and do not keep to it.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.postern.tls.Providers#all")
class ScramAuthenticationTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final TlsProvider provider;

    ScramAuthenticationTest(TlsProvider provider) {
        this.provider = provider;
    }

    /// Serves one client that starts TLS: offers some mechanisms, then gives these replies one by one. `{r}` in a reply
    /// is the client's nonce; what is within brackets is sent in base64.
    private void serve(Connection connection, ServerTls tls, String offered, Deque<String> replies) {
        Deadline deadline = Deadline.after(LONG);
        try (connection) {
            say(connection, "220 mx");
            connection.readLine(1000, deadline);
            say(connection, "250-mx\r\n250 STARTTLS");
            connection.readLine(1000, deadline);
            say(connection, "220 go ahead");
            connection.startTls(tls.upgrade(), deadline);
            connection.readLine(1000, deadline);
            say(connection, "250-mx\r\n250 AUTH " + offered);
            String nonce = "";
            while (true) {
                String line = connection.readLine(10_000, deadline).latin1();
                said.add(line);
                if (line.startsWith("QUIT")) {
                    say(connection, "221 bye");
                    return;
                }
                nonce = line.startsWith("AUTH SCRAM") ? nonceIn(line) : nonce;
                say(connection, encoded(Optional.ofNullable(replies.poll()).orElse("250 ok"), nonce));
            }
        } catch (IOException clientGone) {
            return; // as it may
        }
    }

    private static String nonceIn(String auth) {
        String base64 = auth.substring(auth.lastIndexOf(' ') + 1);
        String first = new String(
                StrictBase64.decode(base64.getBytes(StandardCharsets.US_ASCII)).orElseThrow(), StandardCharsets.UTF_8);
        return first.substring(first.indexOf("r=") + 2);
    }

    private static String encoded(String reply, String nonce) {
        int bracket = reply.indexOf('[');
        if (bracket < 0) {
            return reply;
        }
        String text = reply.substring(bracket + 1, reply.length() - 1).replace("{r}", nonce);
        return reply.substring(0, bracket)
                + new String(StrictBase64.encode(text.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII);
    }

    private static void say(Connection connection, String line) throws IOException {
        connection.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII), Deadline.after(LONG));
        connection.flush(Deadline.after(LONG));
    }

    private String open(String offered, boolean verified, String... replies) throws IOException {
        SelfSigned.Made made =
                SelfSigned.make(List.of("mx.example.org"), Instant.now(), Duration.ofDays(1), Optional.empty());
        ServerTls tls = new ServerTls(provider, made.identity());
        ClientTls client = new ClientTls(provider, made.identity().chain());
        try (LoopbackServer server =
                new LoopbackServer(connection -> serve(connection, tls, offered, new ArrayDeque<>(List.of(replies))))) {
            SessionPlan plan = new SessionPlan(
                    Dialect.Protocol.SMTP,
                    new TlsChoice.Required(client.checked(
                            "mx.example.org",
                            new PkixCheck(client.roots(), List.of("mx.example.org"), InstantSource.system()))),
                    Optional.of(new Login("user", "secret", verified)));
            Opening opening = new SessionOpener(
                            new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                            Post.patient(1 << 16),
                            Events.none())
                    .open(server.endpoint(), plan, Deadline.after(LONG), DialogueListener.none());
            return switch (opening) {
                case Opening.Ready(SmtpClient ready) -> {
                    ready.close();
                    yield "ready";
                }
                case Opening.Failed failed -> failed.step() + " " + failed.status();
            };
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'334 [e=other-error]'",
        "'334 !!!'",
        "'334 [r=another,s=c2FsdHNhbHQ=,i=4096]'",
        "'334 [r={r}x,s=c2FsdHNhbHQ=,i=1]'",
        "'334 [r={r}x,s=c2FsdHNhbHQ=,i=9999999]'"
    })
    void aServerThatDoesNotKeepToTheRulesIsLeftWithoutTheProof(String serverFirst) throws IOException {
        assertThat(open("SCRAM-SHA-256 PLAIN", true, serverFirst, "501 cancelled"))
                .isEqualTo("AUTH 4.7.0");
        assertThat(said.subList(0, 2))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("AUTH SCRAM-SHA-256 "),
                        second -> assertThat(second).isEqualTo("*"));
        assertThat(said).noneMatch(line -> line.contains("PLAIN"));
    }

    @ParameterizedTest
    @CsvSource({"'334 [v=AAAA]'", "'334 [e=invalid-proof]'", "'235 2.7.0 welcome'"})
    void aServerThatCannotProveItselfGetsNoMail(String serverFinal) throws IOException {
        assertThat(open(
                        "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN",
                        true,
                        "334 [r={r}x,s=c2FsdHNhbHQ=,i=4096]",
                        serverFinal,
                        "501 cancelled"))
                .isEqualTo("AUTH 4.7.0");
        assertThat(said).noneMatch(line -> line.contains("AUTH PLAIN"));
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256 PLAIN LOGIN, true, 535 5.7.8 no, ready, SCRAM-SHA-256 PLAIN",
        "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN, true, 535 5.7.8 no, ready, SCRAM-SHA-256-PLUS PLAIN",
        "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN, false, 535 5.7.8 no, AUTH 5.7.8, SCRAM-SHA-256-PLUS",
        "SCRAM-SHA-256, true, 535 5.7.8 no, AUTH 5.7.8, SCRAM-SHA-256",
        "SCRAM-SHA-256 PLAIN, true, 454 4.7.0 later, AUTH 4.7.0, SCRAM-SHA-256",
        "PLAIN, false, 235 2.7.0 welcome, ready, PLAIN"
    })
    void thePasswordFollowsWhereTheProofIsRefusedByAServerWhoseCertificateIsVerified(
            String offered, boolean verified, String first, String outcome, String used) throws IOException {
        assertThat(open(offered, verified, first, "235 2.7.0 welcome")).isEqualTo(outcome);
        assertThat(said.stream().filter(line -> line.startsWith("AUTH ")).map(line -> line.split(" ", -1)[1]))
                .containsExactly(used.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256, eS",
        "SCRAM-SHA-256-PLUS SCRAM-SHA-256, cD10bHMtZXhwb3J0ZXIs",
    })
    void theClientTellsWhetherItHasHeardOfPlus(String offered, String header) throws IOException {
        open(offered, true, "535 5.7.8 no");

        String base64 = said.getFirst().substring(said.getFirst().lastIndexOf(' ') + 1);
        assertThat(base64).startsWith(header);
    }
}
