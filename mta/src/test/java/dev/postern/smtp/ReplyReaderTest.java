package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.wire.Deadline;
import dev.postern.wire.DeadlineExceeded;
import dev.postern.wire.MemoryConnection;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    private final MemoryConnection.Pair pair = MemoryConnection.pair();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10));
    }

    private void serverSays(String octets) throws IOException {
        pair.server().write(octets.getBytes(StandardCharsets.ISO_8859_1), soon());
        pair.server().flush(soon());
    }

    private Reply read(String octets) throws IOException {
        serverSays(octets);
        return ReplyReader.read(pair.client(), soon());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "250 ok                               | 250 ok",
                "250 2.1.5 ok                         | 250 2.1.5 ok",
                "250                                  | \"250 \"",
                "250-                                 | 250  ok",
                "250 2.0.0                            | \"250 2.0.0 \"",
                "250OK                                | 250 OK",
                "250=OK                               | 250 =OK",
                "550 4.1.1 odd                        | 550 4.1.1 odd",
                "554  two spaces                      | 554  two spaces",
                "299 unknown code                     | 299 unknown code",
                "354 3.0.0 not a class                | 354 3.0.0 not a class",
            })
    void aReplyOfOneLineIsRead(String line, String reply) throws IOException {
        String more = line.endsWith("-") ? "\r\n250 ok" : "";
        assertThat(read(line + more + "\r\n")).hasToString(reply);
    }

    @Test
    void aReplyOfSeveralLinesIsOne() throws IOException {
        Reply reply = read("550-5.7.1 first\r\n550-5.7.1\r\n550-without status\r\n550 5.7.2 another\r\n250 next\r\n");
        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.status()).contains(EnhancedStatus.of("5.7.1"));
        assertThat(reply.text()).containsExactly("first", "", "without status", "5.7.2 another");
        assertThat(ReplyReader.read(pair.client(), soon())).hasToString("250 next");
    }

    @Test
    void aReplyMayComeInAnyPieces() throws IOException {
        for (String octet : "250-2.0.0 a\r\n250 2.0.0 b\r\n".split("", -1)) {
            serverSays(octet);
        }
        Reply reply = ReplyReader.read(pair.client(), soon());
        assertThat(reply).isEqualTo(new Reply(250, Optional.of(EnhancedStatus.of("2.0.0")), List.of("a", "b")));
    }

    @Test
    void bareLineFeedsAreEndsOfLinesHere() throws IOException {
        assertThat(read("250-a\n250 b\n")).hasToString("250 a b");
    }

    @Test
    void controlCharactersAndOddOctetsAreReplaced() throws IOException {
        assertThat(read("550 a\rb\0c\u001bd\u00ffe\u00c2\u0085f\r\n").text()).containsExactly("a?b?c?d?e?f");
        assertThat(read("550 \u00c3\u00bc\r\n").text()).containsExactly("ü");
    }

    @Test
    void aLineThatIsTooLongIsCut() throws IOException {
        Reply reply = read("550 " + "x".repeat(50_000) + "\r\n250 next\r\n");
        assertThat(reply.text()).containsExactly("x".repeat(ReplyReader.MAX_LINE - 4));
        assertThat(ReplyReader.read(pair.client(), soon()).code()).isEqualTo(250);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "ok\r\n",
                "25\r\n",
                "2500 ok\r\n",
                "150 wait\r\n",
                "099 x\r\n",
                "650 x\r\n",
                "2x0 ok\r\n",
                " 250 ok\r\n",
                "+OK POP3 ready\r\n",
                "HTTP/1.1 400 Bad Request\r\n",
                "SSH-2.0-x\r\n",
                "250-a\r\n550 b\r\n",
                "250-a\r\nb\r\n",
                "250-a\r\n\r\n",
                "\u00b2\u00b50 x\r\n"
            })
    void whatIsNoReplyIsAnError(String octets) {
        assertThatThrownBy(() -> read(octets))
                .isInstanceOf(ProtocolException.class)
                .hasMessageNotContaining("\r");
    }

    @Test
    void aReplyWithoutEndIsAnError() throws IOException {
        serverSays("250-x\r\n".repeat(ReplyReader.MAX_LINES));
        assertThatThrownBy(() -> ReplyReader.read(pair.client(), soon())).isInstanceOf(ProtocolException.class);
    }

    @Test
    void theLongestReplyIsRead() throws IOException {
        serverSays("250-x\r\n".repeat(ReplyReader.MAX_LINES - 1));
        assertThat(read("250 x\r\n").text()).hasSize(ReplyReader.MAX_LINES);
    }

    @Test
    void aServerThatLeavesIsTheEndOfFile() throws IOException {
        serverSays("250-x\r\n25");
        pair.server().close();
        assertThatThrownBy(() -> ReplyReader.read(pair.client(), soon())).isInstanceOf(EOFException.class);
    }

    @Test
    void aServerThatIsSilentExceedsTheDeadline() throws IOException {
        serverSays("250-x\r\n");
        assertThatThrownBy(() -> ReplyReader.read(pair.client(), Deadline.after(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceeded.class);
    }

    @Test
    void whatWeWriteWeRead() throws IOException {
        for (Reply reply : List.of(
                Reply.of(250, "2.0.0", "ok"),
                Reply.plain(334, "VXNlcm5hbWU6"),
                new Reply(250, Optional.empty(), List.of("mx.example", "SIZE 5", "8BITMIME")),
                new Reply(550, Optional.of(EnhancedStatus.of("5.1.1")), List.of("a", "b c")))) {
            pair.server().write(reply.toOctets(), soon());
            pair.server().flush(soon());
            assertThat(ReplyReader.read(pair.client(), soon())).isEqualTo(reply);
        }
    }
}
