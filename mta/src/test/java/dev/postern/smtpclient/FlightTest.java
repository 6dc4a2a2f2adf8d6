package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.MailParameters;
import dev.postern.wire.Connection;
import dev.postern.wire.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Round trips, counted by a server that says nothing before it has heard the whole of a flight: a client that waits
/// for a reply within one waits in vain.
class FlightTest {
    private static final int CHUNK = 1 << 10;
    private static final String LARGE = "Subject: x\r\n\r\n" + "0123456789\r\n".repeat(250);

    /// Where a flight ends.
    private enum End {
        MAIL,
        RCPT,
        DATA,
        CHUNK,
        DOT,
        RSET,
        QUIT
    }

    /// A server that answers by the script of the flights that it expects.
    private static final class HoldingServer {
        private final String[] capabilities;
        private final Deque<Flight> expected = new ArrayDeque<>();
        private final List<String> flights = new CopyOnWriteArrayList<>();

        /// One flight: how it ends, and what is answered to all that was heard.
        private record Flight(End end, int count, String replies) {}

        HoldingServer(String... capabilities) {
            this.capabilities = capabilities;
        }

        /// Expects a flight that ends with the so-and-so-manieth command of a kind.
        HoldingServer then(End end, int count, String... replies) {
            expected.add(new Flight(end, count, Stream.of(replies).collect(Collectors.joining("\r\n")) + "\r\n"));
            return this;
        }

        HoldingServer then(End end, String... replies) {
            return then(end, 1, replies);
        }

        /// The commands of each flight, by their verbs.
        List<String> flights() {
            return flights;
        }

        void serve(Connection connection) {
            try (connection) {
                say(connection, "220 holding\r\n");
                connection.readLine(1000, Post.soon());
                say(
                        connection,
                        Stream.concat(Stream.of("holding"), Stream.of(capabilities))
                                        .map(line -> "250-" + line)
                                        .collect(Collectors.joining("\r\n"))
                                + "\r\n250 HELP\r\n");
                while (!expected.isEmpty()) {
                    Flight flight = expected.remove();
                    flights.add(hear(connection, flight));
                    say(connection, flight.replies());
                }
            } catch (IOException gone) {
                flights.add("lost");
            }
        }

        private static void say(Connection connection, String replies) throws IOException {
            connection.write(replies.getBytes(StandardCharsets.US_ASCII), Post.soon());
            connection.flush(Post.soon());
        }

        private static String hear(Connection connection, Flight flight) throws IOException {
            List<String> verbs = new ArrayList<>();
            int left = flight.count();
            while (left > 0) {
                End heard;
                if (flight.end() == End.DOT) {
                    connection.readContent((octets, offset, length) -> {}, pace(), Post.soon());
                    verbs.add("content");
                    heard = End.DOT;
                } else {
                    String line = connection.readLine(4000, Post.soon()).latin1();
                    verbs.add(line.split("[ :]", 2)[0]);
                    heard = kind(line);
                    if (heard == End.CHUNK) {
                        connection.readChunk(
                                Long.parseLong(line.split(" ", -1)[1]),
                                (octets, offset, length) -> {},
                                pace(),
                                Post.soon());
                    }
                }
                left -= heard == flight.end() ? 1 : 0;
            }
            return String.join(" ", verbs);
        }

        private static Pace pace() {
            return new Pace(Duration.ofSeconds(20), 1);
        }

        private static End kind(String line) {
            return switch (line.substring(0, 4)) {
                case "MAIL" -> End.MAIL;
                case "RCPT" -> End.RCPT;
                case "DATA" -> End.DATA;
                case "BDAT" -> End.CHUNK;
                case "RSET" -> End.RSET;
                case "QUIT" -> End.QUIT;
                default -> throw new AssertionError(line);
            };
        }
    }

    private static List<String> played(HoldingServer server, Consumer<SmtpClient> play) throws InterruptedException {
        MemoryConnector connector = new MemoryConnector(_ -> server::serve);
        server.then(End.QUIT, "221 bye");
        try (SmtpClient client = Post.client(connector, Post.patient(CHUNK), Post.clear())) {
            play.accept(client);
        }
        connector.await();
        return server.flights();
    }

    private static String[] recipients(int count) {
        return IntStream.range(0, count).mapToObj(i -> "r" + i + "@example.com").toArray(String[]::new);
    }

    private static void taken(SmtpClient client, String... recipients) {
        assertThat(Post.words(client.send(Post.plain("s@example.org", recipients))))
                .containsOnly("taken 250")
                .hasSize(recipients.length);
    }

    @Test
    void withPipeliningAndChunkingAMessageCostsOneRoundTrip() throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING");
        int messages = 20;
        for (int i = 0; i < messages; i++) {
            server.then(End.CHUNK, "250 mail", "250 rcpt", "250 rcpt", "250 taken");
        }
        assertThat(played(server, client -> {
                    for (int i = 0; i < messages; i++) {
                        taken(client, recipients(2));
                    }
                }))
                .hasSize(messages + 1)
                .startsWith("MAIL RCPT RCPT BDAT")
                .endsWith("QUIT");
    }

    @Test
    void withPipeliningAloneItCostsTwo() throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING")
                .then(End.DATA, "250 mail", "250 rcpt", "354 go on")
                .then(End.DOT, "250 taken")
                .then(End.DATA, "250 mail", "250 rcpt", "354 go on")
                .then(End.DOT, "250 taken");
        assertThat(played(server, client -> {
                    taken(client, recipients(1));
                    taken(client, recipients(1));
                }))
                .containsExactly("MAIL RCPT DATA", "content", "MAIL RCPT DATA", "content", "QUIT");
    }

    @Test
    void withNeitherItCostsOneForEachCommandAndForTheContent() throws Exception {
        HoldingServer server = new HoldingServer()
                .then(End.MAIL, "250 mail")
                .then(End.RCPT, "250 rcpt")
                .then(End.RCPT, "250 rcpt")
                .then(End.DATA, "354 go on")
                .then(End.DOT, "250 taken");
        assertThat(played(server, client -> taken(client, recipients(2)))).hasSize(6);
    }

    @Test
    void aFlightHasFiftyCommandsAtMostBeforeTheContent() throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING")
                .then(End.RCPT, 49, replies(50))
                .then(End.RCPT, 50, replies(50))
                .then(End.CHUNK, replies(1 + 1 + 1));
        assertThat(played(server, client -> taken(client, recipients(101)))).hasSize(4);
    }

    private static String[] replies(int count) {
        return IntStream.range(0, count).mapToObj(i -> "250 " + i).toArray(String[]::new);
    }

    @Test
    void aLargeMessageBeginsInTheFlightOfItsEnvelope() throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING")
                .then(End.CHUNK, "250 mail", "250 rcpt")
                .then(End.CHUNK, 2, "250 one", "250 two", "250 taken");
        assertThat(played(
                        server,
                        client -> assertThat(Post.words(client.send(
                                        Post.of("s@example.org", MailParameters.none(), LARGE, recipients(1)))))
                                .containsExactly("taken 250")))
                .containsExactly("MAIL RCPT BDAT", "BDAT BDAT", "QUIT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // replies to MAIL RCPT RCPT BDAT | what comes of the two | whether RSET follows
                "250,250,250,250 | taken 250, taken 250                 | false",
                "250,250,550,250 | taken 250, refused RCPT 550          | false",
                "250,450,250,250 | refused RCPT 450, taken 250          | false",
                "250,250,250,452 | refused CONTENT 452, refused CONTENT 452 | true",
                "250,250,550,554 | refused CONTENT 554, refused RCPT 550 | true",
                "250,550,450,503 | refused RCPT 550, refused RCPT 450   | true",
                "250,550,550,250 | refused RCPT 550, refused RCPT 550   | true",
                "550,503,503,503 | refused MAIL 550, refused MAIL 550   | false",
                "450,250,250,250 | refused MAIL 450, refused MAIL 450   | false",
                "450,503,503,554 | refused MAIL 450, refused MAIL 450   | false",
            })
    void whatIsRefusedInAFlightIsKnownAndTheNextMessageGoes(String replies, String outcome, boolean reset)
            throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING")
                .then(
                        End.CHUNK,
                        Stream.of(replies.split(",")).map(code -> code + " ok").toArray(String[]::new));
        if (reset) {
            server.then(End.RSET, "250 reset");
        }
        server.then(End.CHUNK, "250 mail", "250 rcpt", "250 taken");
        List<String> flights = played(server, client -> {
            assertThat(Post.words(client.send(Post.plain("s@example.org", recipients(2)))))
                    .containsExactly(outcome.split(", "));
            assertThat(client.isUsable()).isTrue();
            taken(client, recipients(1));
        });
        assertThat(flights).hasSize(reset ? 4 : 3).doesNotContain("lost");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "421 | refused MAIL 421",
                "250,421 | refused RCPT 421",
                "250,250,421 | refused RCPT 421",
                "250,550,421 | refused RCPT 550, refused RCPT 421",
                "250,250,250,421 | refused CONTENT 421",
            })
    void aServerThatClosesInTheMiddleOfAFlightHasTakenNothing(String replies, String outcome) throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING")
                .then(
                        End.CHUNK,
                        Stream.of(replies.split(","))
                                .map(code -> code + " said")
                                .toArray(String[]::new));
        MemoryConnector connector = new MemoryConnector(_ -> server::serve);
        try (SmtpClient client = Post.client(connector, Post.patient(CHUNK), Post.clear())) {
            String[] expected = outcome.split(", ", -1);
            assertThat(Post.words(client.send(Post.plain("s@example.org", recipients(2)))))
                    .containsExactly(expected[0], expected[expected.length - 1]);
            assertThat(client.isUsable()).isFalse();
        }
        connector.await();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // replies to MAIL RCPT RCPT BDAT, of which the chunk is the first of three
                "550,503,503,503 | refused MAIL 550     | false",
                "250,550,550,503 | refused RCPT 550     | true",
                "250,550,550,250 | refused RCPT 550     | true",
            })
    void ofALargeMessageForNobodyOnlyTheFirstChunkIsSent(String replies, String outcome, boolean reset)
            throws Exception {
        HoldingServer server = new HoldingServer("PIPELINING", "CHUNKING")
                .then(
                        End.CHUNK,
                        Stream.of(replies.split(","))
                                .map(code -> code + " said")
                                .toArray(String[]::new));
        if (reset) {
            server.then(End.RSET, "250 reset");
        }
        server.then(End.CHUNK, "250 mail", "250 rcpt", "250 taken");
        List<String> flights = played(server, client -> {
            assertThat(Post.words(client.send(Post.of("s@example.org", MailParameters.none(), LARGE, recipients(2)))))
                    .containsExactly(outcome, outcome);
            taken(client, recipients(1));
        });
        assertThat(flights).first().isEqualTo("MAIL RCPT RCPT BDAT");
        assertThat(flights).hasSize(reset ? 4 : 3);
    }
}
