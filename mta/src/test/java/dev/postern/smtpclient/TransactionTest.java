package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Events;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.wire.Connection;
import dev.postern.wire.ConnectionWatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionTest {
    /// The ways in which a transaction can be spoken.
    enum Manner {
        DATA,
        DATA_PIPELINED,
        BDAT,
        BDAT_IN_ONE_FLIGHT,
        HELO_ONLY;

        private FakeServer.Behaviour behaviour() {
            return switch (this) {
                case DATA -> FakeServer.Behaviour.offering();
                case DATA_PIPELINED -> FakeServer.Behaviour.offering("PIPELINING");
                case BDAT -> FakeServer.Behaviour.offering("CHUNKING");
                case BDAT_IN_ONE_FLIGHT -> FakeServer.Behaviour.offering("PIPELINING", "CHUNKING");
                case HELO_ONLY -> FakeServer.Behaviour.offering().answeringEhlo(502);
            };
        }

        private boolean byData() {
            return this != BDAT && this != BDAT_IN_ONE_FLIGHT;
        }

        private SmtpClient client(FakeServer server) {
            return Post.client(MemoryConnector.to(server), Post.patient(1 << 16), Post.clear());
        }
    }

    private static final int[] REPLIES = {250, 450, 550};

    private static String step(int code, String name) {
        return "refused " + name + " " + code;
    }

    private static String expected(int mail, int rcpt, boolean byData, int data, int end) {
        if (mail != 250) {
            return step(mail, "MAIL");
        }
        if (rcpt != 250) {
            return step(rcpt, "RCPT");
        }
        if (byData && data != 354) {
            return step(data, "DATA");
        }
        return end == 250 ? "taken 250" : step(end, "CONTENT");
    }

    @ParameterizedTest
    @EnumSource
    void everyMixOfRepliesIsUnderstoodAndLeavesTheSessionInOrder(Manner manner) {
        for (int mail : REPLIES) {
            for (int one : REPLIES) {
                for (int two : REPLIES) {
                    for (int data : new int[] {354, 451, 554}) {
                        for (int end : new int[] {250, 451, 554}) {
                            mix(manner, mail, one, two, data, end);
                        }
                    }
                }
            }
        }
    }

    private static void mix(Manner manner, int mail, int one, int two, int data, int end) {
        FakeServer server = new FakeServer(manner.behaviour());
        String sender = "m%d.d%d.e%d@example.org".formatted(mail, data, end);
        String[] recipients = {"a.r" + one + "@example.com", "b.r" + two + "@example.com"};
        try (SmtpClient client = manner.client(server)) {
            String mix = manner + " " + sender + " " + List.of(recipients);

            assertThat(Post.words(client.send(Post.plain(sender, recipients))))
                    .as(mix)
                    .containsExactly(
                            expected(mail, one, manner.byData(), data, end),
                            expected(mail, two, manner.byData(), data, end));
            for (FakeServer.Heard heard : server.messages()) {
                assertThat(heard.content())
                        .as(mix)
                        .isEqualTo(heard.recipients().isEmpty() ? "" : Post.TRACE + Post.CONTENT);
            }

            assertThat(client.isUsable()).as(mix).isTrue();
            assertThat(Post.words(client.send(Post.plain("next@example.org", "c@example.com"))))
                    .as(mix)
                    .containsExactly("taken 250");
            assertThat(server.messages().getLast().mail()).as(mix).contains("next@example.org");
            assertThat(server.messages().getLast().recipients()).as(mix).hasSize(1);
        }
    }

    @Test
    void lmtpTellsForEachRecipientAfterTheDot() {
        FakeServer server = new FakeServer(
                FakeServer.Behaviour.offering("PIPELINING", "CHUNKING").byLmtp());
        try (SmtpClient client = Post.client(
                MemoryConnector.to(server), Post.patient(1 << 16), SessionPlan.lmtp(new TlsChoice.None()))) {
            assertThat(Post.words(client.send(Post.plain(
                            "s@example.org",
                            "a.r250.e250@example.com",
                            "b.r550@example.com",
                            "c.r250.e452@example.com",
                            "d.r250.e552@example.com",
                            "e.r250.e250@example.com"))))
                    .containsExactly(
                            "taken 250", "refused RCPT 550", "refused CONTENT 452", "refused CONTENT 552", "taken 250");
            assertThat(client.isUsable()).isTrue();
            assertThat(Post.words(client.send(Post.plain("s@example.org", "r550@example.com"))))
                    .containsExactly("refused RCPT 550");
            assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                    .containsExactly("taken 250");
        }
        assertThat(server.commands().getFirst()).isEqualTo("LHLO client.example.org");
        assertThat(server.messages()).hasSize(2).allMatch(m -> m.content().equals(Post.TRACE + Post.CONTENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 49, 50, 51, 99, 100, 101, 1000})
    void anyNumberOfRecipientsGoesThroughInBoundedFlights(int count) {
        String[] recipients = IntStream.range(0, count)
                .mapToObj(i -> "u" + i + (i % 3 == 1 ? ".r550" : "") + "@example.com")
                .toArray(String[]::new);
        for (Manner manner : List.of(Manner.DATA_PIPELINED, Manner.BDAT_IN_ONE_FLIGHT)) {
            FakeServer server = new FakeServer(manner.behaviour());
            try (SmtpClient client = manner.client(server)) {
                List<String> results = Post.words(client.send(Post.plain("s@example.org", recipients)));
                for (int i = 0; i < count; i++) {
                    assertThat(results.get(i)).isEqualTo(i % 3 == 1 ? "refused RCPT 550" : "taken 250");
                }
                assertThat(client.isUsable()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1023, 1024, 1025, 2047, 2048, 4096, 100_000})
    void aContentBeyondOneChunkArrivesWhole(int size) {
        StringBuilder text = new StringBuilder("a: b\r\n\r\n");
        while (text.length() < size) {
            text.append("line ").append(text.length()).append(" .\r\n.\r\n");
        }
        for (String capabilities : List.of("CHUNKING", "CHUNKING PIPELINING")) {
            for (int shift = 0; shift < 4; shift++) { // so that line ends fall on both sides of each cut
                FakeServer server = new FakeServer(FakeServer.Behaviour.offering(capabilities.split(" ")));
                String content = "x".repeat(shift) + text;
                try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1024), Post.clear())) {
                    assertThat(Post.words(client.send(
                                    Post.of("s@example.org", MailParameters.none(), content, "a@example.com"))))
                            .containsExactly("taken 250");
                    assertThat(client.isUsable()).isTrue();
                }
                assertThat(server.messages()).hasSize(1);
                assertThat(server.messages().getFirst().content()).isEqualTo(Post.TRACE + content);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"250, 451", "451, 250", "552, 250"})
    void aRefusedChunkEndsTheTransactionInOrder(int chunk, int end) {
        for (String capabilities : List.of("CHUNKING", "CHUNKING PIPELINING")) {
            FakeServer server = new FakeServer(FakeServer.Behaviour.offering(capabilities.split(" ")));
            String content = "a: b\r\n\r\n" + "0123456789\r\n".repeat(2000);
            try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1024), Post.clear())) {
                assertThat(Post.words(client.send(Post.of(
                                "c%d.e%d@example.org".formatted(chunk, end),
                                MailParameters.none(),
                                content,
                                "a@example.com",
                                "r550@example.com"))))
                        .containsExactly("refused CONTENT " + (chunk == 250 ? end : chunk), "refused RCPT 550");
                assertThat(client.isUsable()).isTrue();
                assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                        .containsExactly("taken 250");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void contentThatIsNotLegalOnTheWireIsNeverSentToItsEnd(Manner manner) {
        for (String content : List.of("a: b\r\n\r\nbare\nlf\r\n", "a: b\r\n\r\nbare\rcr\r\n", "nul\0\r\n", "end\r")) {
            FakeServer server = new FakeServer(manner.behaviour());
            try (SmtpClient client = manner.client(server)) {
                assertThat(Post.words(client.send(Post.of(
                                "s@example.org", MailParameters.none(), content, "a@example.com", "r550@example.com"))))
                        .first()
                        .isEqualTo("unfit 5.6.0");
                assertThat(client.isUsable()).isFalse();
            }
            assertThat(server.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aContentThatCannotBeReadIsNeverTakenForWhole(Manner manner) {
        byte[] half = Post.CONTENT.getBytes(StandardCharsets.US_ASCII);
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                throw new IOException("Input/output error");
            }
        };
        for (boolean shorter : new boolean[] {true, false}) {
            Content content = new Content() {
                @Override
                public long size() {
                    return half.length + 10L;
                }

                @Override
                public InputStream open() {
                    InputStream begin = new ByteArrayInputStream(half);
                    return shorter ? begin : new SequenceInputStream(begin, broken);
                }
            };
            FakeServer server = new FakeServer(manner.behaviour());
            try (SmtpClient client = manner.client(server)) {
                Transmission transmission = new Transmission(
                        Post.path("s@example.org"),
                        MailParameters.none(),
                        List.of(Recipient.of(Post.mailbox("a@example.com"))),
                        Post.TRACE,
                        content,
                        new ContentTraits(half.length + 10, false, false, 20));
                assertThat(Post.words(client.send(transmission))).containsExactly("unreadable");
                assertThat(client.isUsable()).isFalse();
            }
            assertThat(server.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // offered | declared | sender | content | outcome | MAIL
                "8BITMIME | 7BIT | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org>",
                "8BITMIME | 8BITMIME | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org>",
                "8BITMIME | 8BITMIME | s@example.org | eight | taken 250 | MAIL FROM:<s@example.org> BODY=8BITMIME",
                "8BITMIME | 7BIT | s@example.org | eight | taken 250 | MAIL FROM:<s@example.org> BODY=8BITMIME",
                "NOOP | 8BITMIME | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org>",
                "NOOP | 8BITMIME | s@example.org | eight | unfit 5.6.3 | ",
                "NOOP | 7BIT | s@example.org | eight | unfit 5.6.3 | ",
                "8BITMIME | 8BITMIME | s@example.org | header | taken 250 | MAIL FROM:<s@example.org> BODY=8BITMIME",
                "8BITMIME | UTF8 | s@example.org | header | unfit 5.6.9 | ",
                "8BITMIME | UTF8 | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org>",
                "8BITMIME | UTF8 | sü@example.org | seven | unfit 5.6.7 | ",
                "8BITMIME SMTPUTF8 | UTF8 | sü@example.org | header | taken 250 | MAIL FROM:<sü@example.org> BODY=8BITMIME SMTPUTF8",
                "8BITMIME SMTPUTF8 | UTF8 | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org> SMTPUTF8",
                "SIZE | 7BIT | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org> SIZE=47",
                "SIZE_0 | 7BIT | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org> SIZE=47",
                "SIZE_47 | 7BIT | s@example.org | seven | taken 250 | MAIL FROM:<s@example.org> SIZE=47",
                "SIZE_46 | 7BIT | s@example.org | seven | unfit 5.3.4 | ",
                "NOOP | 7BIT | s@bücher.example | seven | taken 250 | MAIL FROM:<s@xn--bcher-kva.example>",
                "NOOP | 7BIT | '' | seven | taken 250 | MAIL FROM:<>",
            })
    void whatAMessageNeedsIsAskedForOrItDoesNotGo(
            String offered, String declared, String sender, String content, String outcome, String mail) {
        MailParameters parameters = switch (declared) {
            case "8BITMIME" -> Post.parameters(BodyType.EIGHT_BIT_MIME, false);
            case "UTF8" -> Post.parameters(BodyType.EIGHT_BIT_MIME, true);
            default -> MailParameters.none();
        };
        String text = switch (content) {
            case "eight" -> "Subject: x\r\n\r\nü\r\n";
            case "header" -> "Subject: ü\r\n\r\nx\r\n";
            default -> "Subject: x\r\n\r\n0123456789\r\n";
        };
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering(
                Stream.of(offered.split(" ")).map(k -> k.replace('_', ' ')).toArray(String[]::new)));
        try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1 << 16), Post.clear())) {
            assertThat(Post.words(client.send(Post.of(sender, parameters, text, "a@example.com"))))
                    .containsExactly(outcome);
            assertThat(client.isUsable()).isTrue();
        }
        List<String> mails = server.commands().stream()
                .filter(c -> c.startsWith("MAIL"))
                .map(c -> new String(c.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .toList();
        assertThat(mails).isEqualTo(mail == null ? List.of() : List.of(mail));
    }

    @Test
    void anInternationalRecipientAloneIsUnfitWhereTheServerLacksIt() {
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering("PIPELINING"));
        try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1 << 16), Post.clear())) {
            assertThat(Post.words(client.send(
                            Post.plain("s@example.org", "a@example.com", "bü@example.com", "c@bücher.example"))))
                    .containsExactly("taken 250", "unfit 5.6.7", "taken 250");
        }
        assertThat(server.messages().getFirst().recipients())
                .containsExactly("RCPT TO:<a@example.com>", "RCPT TO:<c@xn--bcher-kva.example>");
    }

    @ParameterizedTest
    @EnumSource
    void aFaultAtAnyReplyLosesNothingAndClaimsNothing(FakeServer.Fault fault) throws InterruptedException {
        List<String> seen = new ArrayList<>();
        for (Manner manner : Manner.values()) {
            for (int at = 0; at < 12; at++) {
                fault(manner, fault, at, seen);
            }
        }
        assertThat(seen).as("some faults strike within the transaction").isNotEmpty();
    }

    private static void fault(Manner manner, FakeServer.Fault fault, int at, List<String> seen)
            throws InterruptedException {
        FakeServer server = new FakeServer(manner.behaviour().failing(fault, at));
        MemoryConnector connector = MemoryConnector.to(server);
        String where = manner + " " + fault + " at " + at;
        switch (Post.open(connector, Post.impatient(), Post.clear())) {
            case Opening.Failed failed -> assertThat(failed.why()).as(where).isNotEmpty();
            case Opening.Ready(SmtpClient client) -> {
                List<RecipientResult> results =
                        client.send(Post.plain("s@example.org", "a@example.com", "b.r550@example.com"));
                assertThat(results).as(where).hasSize(2);
                boolean heard = !server.messages().isEmpty();
                if (results.getFirst() instanceof RecipientResult.Unanswered unanswered && !unanswered.contentSent()) {
                    assertThat(heard)
                            .as(where + ": what is called unsent was not heard")
                            .isFalse();
                }
                if (results.getFirst() instanceof RecipientResult.Taken) {
                    assertThat(heard).as(where).isTrue();
                } else {
                    seen.add(where);
                    assertThat(client.isUsable()).as(where).isFalse();
                }
                client.close();
            }
        }
        assertThat(connector.open()).as(where).isZero();
        connector.await();
    }

    @ParameterizedTest
    @CsvSource({
        "DROP, unanswered MAIL",
        "HALF, unanswered MAIL",
        "SILENCE, unanswered MAIL sent",
    })
    void whoClosesWithoutAWordHasTakenNothingWhoIsSilentMayHave(FakeServer.Fault fault, String outcome) {
        FakeServer server = new FakeServer(Manner.BDAT_IN_ONE_FLIGHT.behaviour().failing(fault, 2));
        try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.impatientOnceOpen(), Post.clear())) {
            assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                    .containsExactly(outcome);
        }
    }

    /// The system does not time out a write: the watch does.
    @Test
    void aServerThatStopsReadingIsLeftByTheWatch() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ConnectionWatch watch = ConnectionWatch.occasional();
        Consumer<Connection> serving = connection -> {
            try (connection) {
                for (String reply : List.of("220 mx", "250 mx", "250 ok", "250 ok", "354 go on")) {
                    connection.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII), Post.soon());
                    connection.flush(Post.soon());
                    connection.readLine(1000, Post.soon());
                }
                reading.countDown();
                over.await();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        try (LoopbackServer server = new LoopbackServer(serving)) {
            SessionOpener opener = new SessionOpener(
                    new SocketConnector(watch, Optional.empty(), Optional.empty()),
                    Post.patient(1 << 16),
                    Events.none());
            Opening.Ready ready =
                    (Opening.Ready) opener.open(server.endpoint(), Post.clear(), Post.soon(), DialogueListener.none());
            String big = "a: b\r\n\r\n" + "0123456789\r\n".repeat(2_000_000);
            List<String> results = new CopyOnWriteArrayList<>();
            Thread sending = Thread.ofVirtual()
                    .start(() -> results.addAll(Post.words(ready.client()
                            .send(Post.of("s@example.org", MailParameters.none(), big, "a@example.com")))));
            reading.await();
            while (!sending.join(Duration.ofMillis(10))) {
                watch.sweep(System.nanoTime() + Duration.ofHours(1).toNanos());
            }
            assertThat(results).containsExactly("unanswered CONTENT");
            ready.client().close();
            over.countDown();
        }
        assertThat(watch.size()).isZero();
    }

    @Test
    void aServerThatTalksBehindItsLastReplyIsNotUsedAgain() {
        MemoryConnector connector = new MemoryConnector(_ -> connection -> {
            FakeServer server = new FakeServer(FakeServer.Behaviour.offering("PIPELINING")
                    .greeting("220 fake\r\n250 fake\r\n250 a\r\n250 b\r\n354 c\r\n250 d\r\n250 more"));
            server.serve(connection);
        });
        try (SmtpClient client = Post.client(connector, Post.patient(1 << 16), Post.clear())) {
            client.send(Post.plain("s@example.org", "a@example.com"));
            assertThat(client.isUsable()).isFalse();
        }
    }

    /// The index of the reply to the RSET is that behind greeting, EHLO, MAIL, RCPT, DATA and the end.
    @ParameterizedTest
    @EnumSource
    void aServerThatDoesNotAnswerAsItShouldIsOver(FakeServer.Fault fault) throws InterruptedException {
        FakeServer server =
                new FakeServer(FakeServer.Behaviour.offering("PIPELINING").failing(fault, 6));
        MemoryConnector connector = MemoryConnector.to(server);
        try (SmtpClient client = Post.client(connector, Post.impatientOnceOpen(), Post.clear())) {
            client.send(Post.plain("s@example.org", "a@example.com"));
            assertThat(client.isUsable()).isTrue();
            assertThat(client.answers()).isFalse();
            assertThat(client.isUsable()).isFalse();
            assertThat(client.answers()).isFalse();
        }
        connector.await();
    }

    @Test
    void aServerThatAnswersTakesTheNextMessage() {
        FakeServer server = new FakeServer(FakeServer.Behaviour.offering("PIPELINING"));
        try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1 << 16), Post.clear())) {
            client.send(Post.plain("s@example.org", "a@example.com"));
            assertThat(client.answers()).isTrue();
            assertThat(Post.words(client.send(Post.plain("s@example.org", "a@example.com"))))
                    .containsExactly("taken 250");
        }
    }

    @Test
    void manyRecipientsAreAllTooManyForAServerThatTakesFew() {
        FakeServer server =
                new FakeServer(FakeServer.Behaviour.offering("PIPELINING").takingAtATime(2));
        try (SmtpClient client = Post.client(MemoryConnector.to(server), Post.patient(1 << 16), Post.clear())) {
            List<String> expected = new ArrayList<>(List.of("taken 250", "taken 250"));
            expected.addAll(Collections.nCopies(2, "refused RCPT 452"));
            assertThat(Post.words(client.send(Post.plain(
                            "s@example.org", "a@example.com", "b@example.com", "c@example.com", "d@example.com"))))
                    .isEqualTo(expected);
        }
    }
}
