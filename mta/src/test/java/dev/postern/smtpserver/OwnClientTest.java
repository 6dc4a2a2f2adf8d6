package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Events;
import dev.postern.policy.ListenerRole;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Dialect;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.smtpclient.ClientSettings;
import dev.postern.smtpclient.ClientTimeouts;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Login;
import dev.postern.smtpclient.LoopbackServer;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.RecipientResult;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.SocketConnector;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.smtpclient.Transmission;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.SpooledMessage;
import dev.postern.tls.ClientTls;
import dev.postern.tls.TlsProvider;
import dev.postern.wire.ConnectionWatch;
import dev.postern.wire.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Our client against our server, over loopback and TLS.
@ParameterizedClass(name = "{0}")
@MethodSource("dev.postern.tls.Providers#all")
class OwnClientTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String PLAIN = "Subject: x\r\n\r\n.dot\r\n..\r\nend\r\n";

    private final TlsProvider provider;
    private final World world;

    OwnClientTest(TlsProvider provider) {
        this.provider = provider;
        this.world = new World(provider);
    }

    /// What is done with an open session.
    private interface Use {
        void with(SmtpClient client) throws IOException;
    }

    private ClientTls tls() throws IOException {
        return new ClientTls(provider, List.of());
    }

    private void session(ListenerRole role, SessionPlan plan, int chunk, Use use) throws IOException {
        SessionOpener opener = new SessionOpener(
                new SocketConnector(ConnectionWatch.occasional(), Optional.empty(), Optional.empty()),
                new ClientSettings("client.example.net", ClientTimeouts.standard(), chunk),
                Events.none());
        try (LoopbackServer server = new LoopbackServer(connection ->
                new ServerSession(connection, world.spool.nextId(), world.setup(World.settings(role))).run())) {
            switch (opener.open(server.endpoint(), plan, Deadline.after(LONG), DialogueListener.none())) {
                case Opening.Failed failed -> throw new AssertionError(failed);
                case Opening.Ready(SmtpClient client) -> {
                    use.with(client);
                    client.close();
                }
            }
        }
        assertThat(world.spool.open()).as("drafts left open").isEmpty();
    }

    private static Transmission mail(ReversePath from, MailParameters asking, String content, String... to) {
        byte[] octets = content.getBytes(StandardCharsets.UTF_8);
        int header = content.indexOf("\r\n\r\n");
        return new Transmission(
                from,
                asking,
                Stream.of(to)
                        .map(text -> Recipient.of(Mailbox.parse(text).orElseThrow()))
                        .toList(),
                "X-Trace: 1\r\n",
                Content.of(octets),
                new ContentTraits(
                        octets.length,
                        content.chars().anyMatch(c -> c > 127),
                        content.substring(0, header).chars().anyMatch(c -> c > 127),
                        content.lines().mapToInt(String::length).max().orElse(0)));
    }

    private static List<Integer> codes(List<RecipientResult> results) {
        return results.stream()
                .map(result -> switch (result) {
                    case RecipientResult.Taken taken -> taken.reply().code();
                    case RecipientResult.Refused refused -> refused.reply().code();
                    case RecipientResult.Unfit _,
                            RecipientResult.Unprotected _,
                            RecipientResult.Unanswered _,
                            RecipientResult.Unreadable _ -> throw new AssertionError(result);
                })
                .toList();
    }

    private List<String> spooled() throws IOException {
        List<SpooledMessage> messages = world.spool.list(Optional.empty(), 100);
        List<String> contents = new java.util.ArrayList<>();
        for (SpooledMessage message : messages) {
            contents.add(world.content(message.id()));
        }
        return contents;
    }

    @Test
    void ourClientProvesItsPasswordBoundToTheConnection() throws IOException {
        SessionPlan plan = new SessionPlan(
                Dialect.Protocol.SMTP,
                new TlsChoice.Required(tls().unverified("mx.example.org")),
                Optional.of(new Login("alice", "secret")));
        session(ListenerRole.SUBMISSION, plan, 1 << 18, client -> {});

        assertThat(world.events(SessionEvent.Authenticated.class))
                .extracting(SessionEvent.Authenticated::mechanism)
                .containsExactly("SCRAM-SHA-256-PLUS");
    }

    @Test
    void aPlainMessageIsTakenInOneFlightUnderTls() throws IOException {
        SessionPlan plan = SessionPlan.smtp(new TlsChoice.Opportunistic(tls().unverified("mx.example.org")));
        session(ListenerRole.MX, plan, 1 << 18, client -> {
            assertThat(client.tls()).isPresent();
            assertThat(codes(client.send(mail(
                            new NullPath(), MailParameters.none(), PLAIN, "alice@example.org", "nobody@example.org"))))
                    .containsExactly(250, 550);
            assertThat(codes(client.send(mail(new NullPath(), MailParameters.none(), PLAIN, "x@elsewhere.example"))))
                    .containsExactly(550);
            assertThat(client.isUsable()).isTrue();
            assertThat(codes(client.send(mail(
                            new NullPath(), MailParameters.none(), PLAIN, "bob@example.org", "alice@example.org"))))
                    .containsExactly(250, 250);
        });
        assertThat(spooled()).hasSize(2).allMatch(content -> content.equals("X-Trace: 1\r\n" + PLAIN));
    }

    @Test
    void aLargeMessageArrivesInChunksOctetForOctet() throws IOException {
        StringBuilder text = new StringBuilder("Subject: big\r\n\r\n");
        for (int i = 0; text.length() < 3_000_000; i++) {
            text.append(".".repeat(i % 5))
                    .append("line ")
                    .append(i)
                    .append("x".repeat(i % 900))
                    .append("\r\n");
        }
        session(ListenerRole.MX, SessionPlan.smtp(new TlsChoice.None()), 1 << 16, client -> {
            assertThat(codes(client.send(
                            mail(new NullPath(), MailParameters.none(), text.toString(), "alice@example.org"))))
                    .containsExactly(250);
            assertThat(codes(client.send(mail(new NullPath(), MailParameters.none(), PLAIN, "bob@example.org"))))
                    .containsExactly(250);
        });
        assertThat(spooled()).containsExactly("X-Trace: 1\r\n" + text, "X-Trace: 1\r\n" + PLAIN);
    }

    @Test
    void whatIsInternationalIsTakenAsSuch() throws IOException {
        String content = "Subject: grüße\r\n\r\nschön\r\n";
        MailParameters asking = new MailParameters(
                OptionalLong.empty(),
                BodyType.EIGHT_BIT_MIME,
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        session(
                ListenerRole.MX,
                SessionPlan.smtp(new TlsChoice.None()),
                1 << 18,
                client -> assertThat(codes(client.send(mail(new NullPath(), asking, content, "josé@example.org"))))
                        .containsExactly(250));
        SpooledMessage message = world.spool.list(Optional.empty(), 2).getFirst();
        assertThat(message.parameters().smtpUtf8()).isTrue();
        assertThat(message.parameters().body()).isEqualTo(BodyType.EIGHT_BIT_MIME);
        assertThat(spooled().getFirst().getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo(("X-Trace: 1\r\n" + content).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"SUBMISSION", "SUBMISSIONS"})
    void aUserSubmitsMailToElsewhere(ListenerRole role) throws IOException {
        TlsChoice choice = role.isImplicitTls()
                ? new TlsChoice.Implicit(tls().unverified("mx.example.org"))
                : new TlsChoice.Required(tls().unverified("mx.example.org"));
        SessionPlan plan = new SessionPlan(Dialect.Protocol.SMTP, choice, Optional.of(new Login("alice", "secret")));
        Mailbox alice = Mailbox.parse("alice@example.org").orElseThrow();
        session(
                role,
                plan,
                1 << 18,
                client -> assertThat(
                                codes(client.send(mail(alice, MailParameters.none(), PLAIN, "x@elsewhere.example"))))
                        .containsExactly(250));
        assertThat(spooled()).hasSize(1);
    }

    @Test
    void lmtpAnswersForEachRecipient() throws IOException {
        session(ListenerRole.LMTP, SessionPlan.lmtp(new TlsChoice.None()), 1 << 18, client -> {
            assertThat(codes(client.send(mail(
                            new NullPath(),
                            MailParameters.none(),
                            PLAIN,
                            "alice@example.org",
                            "nobody@example.org",
                            "bob@example.org"))))
                    .containsExactly(250, 550, 250);
            assertThat(client.isUsable()).isTrue();
        });
    }
}
