package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.BodyType;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Content that is no lines of text, on its way to a server (RFC 3030 §3).
class BinaryContentTest {
    private static final int CHUNK = 1024;

    /// A header, then octets of all kinds, one char an octet; line ends of every kind are frequent.
    private static String anything(int length) {
        Random random = new Random(length);
        StringBuilder octets = new StringBuilder("Content-Transfer-Encoding: binary\r\n\r\n");
        for (int i = 0; i < length; i++) {
            octets.append(random.nextBoolean() ? "\r\n\0.".charAt(random.nextInt(4)) : (char) random.nextInt(256));
        }
        return octets.toString();
    }

    private static Transmission binary(String sender, String octets, String... recipients) {
        byte[] content = octets.getBytes(StandardCharsets.ISO_8859_1);
        return new Transmission(
                Post.path(sender),
                Post.parameters(BodyType.BINARY_MIME, false),
                Stream.of(recipients).map(r -> Recipient.of(Post.mailbox(r))).toList(),
                Post.TRACE,
                Content.of(content),
                new ContentTraits(content.length, true, false, true, 0));
    }

    private static SmtpClient client(FakeServer server, SessionPlan plan) {
        return Post.client(MemoryConnector.to(server), Post.patient(CHUNK), plan);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 500, 985, 986, 987, 2047, 2048, 50_000})
    void everyOctetArrivesInChunksOfAnyCut(int length) {
        String content = anything(length);
        for (String offered : List.of("CHUNKING BINARYMIME", "CHUNKING BINARYMIME PIPELINING")) {
            FakeServer server = new FakeServer(FakeServer.Behaviour.offering(offered.split(" ")));
            try (SmtpClient client = client(server, Post.clear())) {
                assertThat(Post.words(client.send(binary("s@example.org", content, "a@example.com"))))
                        .containsExactly("taken 250");
                assertThat(client.isUsable()).isTrue();
            }
            assertThat(server.messages()).singleElement().satisfies(heard -> {
                assertThat(heard.mail()).isEqualTo("MAIL FROM:<s@example.org> BODY=BINARYMIME");
                assertThat(heard.content()).isEqualTo(Post.TRACE + content);
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8BITMIME",
        "8BITMIME CHUNKING",
        "8BITMIME BINARYMIME",
        "CHUNKING",
        "PIPELINING 8BITMIME CHUNKING SMTPUTF8",
    })
    void whereEitherExtensionIsMissingNothingGoes(String offered) {
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering(offered.split(" ")));
        try (SmtpClient client = client(server, Post.clear())) {
            assertThat(Post.words(client.send(binary("s@example.org", anything(9), "a@example.com"))))
                    .containsExactly("unfit 5.6.3");
            assertThat(client.isUsable()).isTrue();
        }
        assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
    }

    /// Declared as anything, but seen to be lines: it needs nothing that is not there.
    @ParameterizedTest
    @CsvSource({
        "x, seven, MAIL FROM:<s@example.org>",
        "CHUNKING BINARYMIME, seven, MAIL FROM:<s@example.org>",
        "8BITMIME, eight, MAIL FROM:<s@example.org> BODY=8BITMIME",
    })
    void whatIsLinesAfterAllGoesAsLines(String offered, String what, String mail) {
        String content = "Subject: x\r\n\r\n" + (what.equals("eight") ? "ü" : "u") + "\r\n";
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering(offered.split(" ")));
        try (SmtpClient client = client(server, Post.clear())) {
            assertThat(Post.words(client.send(Post.of(
                            "s@example.org", Post.parameters(BodyType.BINARY_MIME, false), content, "a@example.com"))))
                    .containsExactly("taken 250");
        }
        assertThat(server.messages())
                .singleElement()
                .satisfies(heard -> assertThat(heard.mail()).isEqualTo(mail));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 5000})
    void lmtpAnswersForEachRecipient(int length) {
        String content = anything(length);
        for (String offered : List.of("CHUNKING BINARYMIME", "CHUNKING BINARYMIME PIPELINING")) {
            FakeServer server = new FakeServer(
                    FakeServer.Behaviour.offering(offered.split(" ")).byLmtp());
            try (SmtpClient client = client(server, SessionPlan.lmtp(new TlsChoice.None()))) {
                assertThat(Post.words(client.send(binary(
                                "s@example.org", content, "a@example.com", "r550@example.com", "e452@x.example"))))
                        .containsExactly("taken 250", "refused RCPT 550", "refused CONTENT 452");
                assertThat(client.isUsable()).isTrue();
                assertThat(Post.words(client.send(binary("s@example.org", content, "r550@example.com"))))
                        .containsExactly("refused RCPT 550");
                assertThat(Post.words(client.send(binary("s@example.org", content, "e451@x.example"))))
                        .containsExactly("refused CONTENT 451");
                assertThat(Post.words(client.send(Post.plain("s@example.org", "b@example.com"))))
                        .containsExactly("taken 250");
            }
            assertThat(server.messages().getFirst().content()).isEqualTo(Post.TRACE + content);
            assertThat(server.commands()).contains("DATA"); // lines go by it as ever
        }
    }

    @Test
    void aChunkThatLmtpRefusesIsTheLastThatIsSent() {
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering("CHUNKING", "BINARYMIME", "PIPELINING")
                .byLmtp());
        try (SmtpClient client = client(server, SessionPlan.lmtp(new TlsChoice.None()))) {
            assertThat(Post.words(
                            client.send(binary("c452@example.org", anything(5000), "a@example.com", "b@example.com"))))
                    .containsExactly("refused CONTENT 452", "refused CONTENT 452");
            assertThat(client.isUsable()).isTrue();
        }
        assertThat(server.commands().stream().filter(command -> command.startsWith("BDAT")))
                .hasSize(1);
    }
}
