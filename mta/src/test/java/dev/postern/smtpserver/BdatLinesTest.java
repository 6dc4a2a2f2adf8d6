package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.ListenerRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every odd form of BDAT, with octets behind it that look like a command: the table `bdat-lines.txt`, played in every
/// state with the stream whole, cut once at each octet, and octet by octet.
class BdatLinesTest {
    /// What stands behind each BDAT: six octets that would end the session as a command, and two commands.
    private static final String BEHIND = "QUIT\r\nNOOP\r\nQUIT\r\n";

    private static final String TRANSACTION = """
            %s client.example
            MAIL FROM:<ann@example.com>
            RCPT TO:<alice@example.org>
            RCPT TO:<bob@example.org>
            """.replace("\n", "\r\n");

    /// Where a BDAT can stand, in the order of the columns.
    enum State {
        RECIPIENT(ListenerRole.MX, TRANSACTION.formatted("EHLO")),
        CHUNK(ListenerRole.MX, TRANSACTION.formatted("EHLO") + "BDAT 3\r\nX:y"),
        NO_TRANSACTION(ListenerRole.MX, "EHLO client.example\r\n"),
        UNGREETED(ListenerRole.MX, "NOOP\r\n"),
        LMTP(ListenerRole.LMTP, TRANSACTION.formatted("LHLO"));

        private final ListenerRole role;
        private final String before;

        State(ListenerRole role, String before) {
            this.role = role;
            this.before = before;
        }
    }

    /// One line of the table.
    ///
    /// @param outcome what becomes of it
    /// @param line what is sent, as the table has it
    record Row(String outcome, String line) {
        static List<Row> all() throws IOException {
            try (InputStream in = BdatLinesTest.class.getResourceAsStream("bdat-lines.txt")) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .map(line -> line.split(" *: ", 2))
                        .map(halves -> new Row(halves[0], halves[1]))
                        .toList();
            }
        }

        private byte[] octets(State state) {
            Dialogue.Turn sent = Dialogue.parse(List.of("C> " + line)).turns().getFirst();
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            stream.writeBytes(state.before.getBytes(StandardCharsets.US_ASCII));
            stream.writeBytes(((Dialogue.Turn.Send) sent).octets());
            stream.writeBytes(BEHIND.getBytes(StandardCharsets.US_ASCII));
            return stream.toByteArray();
        }

        /// Codes of the replies to it and to what is behind it.
        private String replies(State state) {
            boolean legal = state != State.NO_TRANSACTION && state != State.UNGREETED;
            String taken = legal ? "250/2.0.0" : "503/5.5.1";
            String takenLast = state == State.LMTP ? "250/2.0.0 250/2.0.0" : taken;
            String code = outcome.substring(0, outcome.indexOf(' ') + 1);
            return switch (outcome.substring(code.length())) {
                case "chunk" -> (code.isEmpty() ? taken + " 250/2.0.0 221/2.0.0" : taken + " 221/2.0.0");
                case "last" -> (code.isEmpty() ? takenLast + " 250/2.0.0 221/2.0.0" : takenLast + " 221/2.0.0");
                case "waits" -> "";
                case "swallowed" -> code + "250/2.0.0 221/2.0.0";
                case "goes on" -> code + "221/2.0.0";
                case "ends" -> code.strip();
                default -> throw new IllegalArgumentException("no such outcome: " + outcome);
            };
        }
    }

    @TestFactory
    Stream<DynamicTest> noOctetOfAChunkIsACommandWhateverTheCut() throws IOException {
        return Row.all().stream()
                .map(row -> DynamicTest.dynamicTest(row.line(), () -> {
                    for (State state : State.values()) {
                        play(row, state);
                    }
                }));
    }

    /// A client that was refused at once may send its chunks all the same (RFC 5321 section 3.1).
    @Test
    void chunksAreSwallowedAtAClosedDoorToo() throws IOException {
        for (Row row : Row.all()) {
            Recital recital = new Recital(new World(), World.settings(ListenerRole.MX), World.UNWANTED);
            List<String> codes = recital.play(row.octets(State.UNGREETED)).codes();
            String outcome = row.outcome().replaceFirst("^(empty|\\d\\S+) ", "");
            List<String> expected = switch (outcome) {
                case "waits" -> List.of();
                case "ends" -> List.of(row.outcome().replace(" ends", ""));
                case "goes on" -> List.of("503/5.5.1", "221/2.0.0");
                case "swallowed" -> List.of("503/5.5.1", "503/5.5.1", "221/2.0.0");
                default ->
                    row.outcome().startsWith("empty")
                            ? List.of("503/5.5.1", "221/2.0.0")
                            : List.of("503/5.5.1", "503/5.5.1", "221/2.0.0");
            };
            assertThat(codes.getFirst()).isEqualTo("550/5.7.1");
            assertThat(codes.subList(2, codes.size())).as(row.line()).isEqualTo(expected);
        }
    }

    private static void play(Row row, State state) throws IOException {
        byte[] stream = row.octets(state);
        World world = new World();
        Recital recital = new Recital(world, World.settings(state.role));
        Recital.Said whole = recital.play(stream);
        int before = state.before.split("\n", -1).length; // the greeting, and a reply to each line but the last
        List<String> codes = whole.codes();
        assertThat(String.join(" ", codes.subList(before, codes.size())))
                .as(state.name())
                .isEqualTo(row.replies(state));
        for (int cut = state.before.length(); cut < stream.length; cut += stream.length < 1000 ? 1 : 97) {
            assertThat(recital.playCut(stream, cut).withoutIds())
                    .as(state + " cut at " + cut)
                    .isEqualTo(whole.withoutIds());
        }
        assertThat(recital.playDripping(stream).withoutIds()).isEqualTo(whole.withoutIds());
        assertThat(world.spool.open()).as("drafts left open").isEmpty();
    }
}
