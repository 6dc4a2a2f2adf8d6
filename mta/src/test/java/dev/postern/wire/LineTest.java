package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines as a connection reads them, whatever the cuts of the stream.
class LineTest {
    private final MemoryConnection.Pair pair = MemoryConnection.pair();

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(10));
    }

    private void say(String words) throws IOException {
        pair.client().write(Octets.of(words), soon());
        pair.client().flush(soon());
    }

    private Line hear(int maxOctets) throws IOException {
        return pair.server().readLine(maxOctets, soon());
    }

    /// Backslash escapes in the table stand for the octets.
    @ParameterizedTest
    @CsvSource({
        "'NOOP\\r\\n', 'NOOP', CRLF",
        "'\\r\\n', '', CRLF",
        "'\\n', '', BARE_LF",
        "'NOOP\\n', 'NOOP', BARE_LF",
        "'a\\rb\\n', 'a\\rb', BARE_LF",
        "'a\\rb\\r\\n', 'a\\rb', CONTROL",
        "'a\\r\\r\\n', 'a\\r', CONTROL",
        "'\\r\\r\\n', '\\r', CONTROL",
        "'a\\0\\r\\n', 'a\\0', CONTROL",
        "'12345678\\r\\n', '12345678', CRLF",
        "'12345678\\n', '12345678', BARE_LF",
        "'123456789\\r\\n', '12345678', TOO_LONG",
        "'123456789\\n', '12345678', TOO_LONG",
        "'1234567\\r\\r\\n', '1234567\\r', CONTROL",
        "'12345678\\r\\r\\n', '12345678', TOO_LONG",
        "'1234567890123456789012345678901234567890\\r\\n', '12345678', TOO_LONG",
    })
    void linesEndAtEveryCutAsTheyDoInOnePiece(String escaped, String octets, Line.Ending ending) throws IOException {
        String wire = escaped.translateEscapes();
        for (int cut = 0; cut <= wire.length(); cut++) {
            say(wire.substring(0, cut));
            say(wire.substring(cut) + "next\r\n");
            Line line = hear(8);
            assertThat(line.ending()).as("cut at %d", cut).isEqualTo(ending);
            assertThat(line.latin1()).isEqualTo(octets.translateEscapes());
            assertThat(hear(8).latin1()).isEqualTo("next");
        }
    }

    @Test
    void longLinesGrowTheBufferWithinTheirLimit() throws IOException {
        int limit = 12_286;
        String longest = "x".repeat(limit);
        say("first\r\n" + longest + "\r\n");
        say(longest + "x\r\n");
        say("last\r\n");
        assertThat(hear(limit).latin1()).isEqualTo("first");
        assertThat(hear(limit).latin1()).isEqualTo(longest);
        assertThat(hear(limit).ending()).isEqualTo(Line.Ending.TOO_LONG);
        assertThat(hear(limit).latin1()).isEqualTo("last");
    }

    @Test
    void manyLinesOfOneFlightAreReadOneByOne() throws IOException {
        StringBuilder flight = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            flight.append("RCPT TO:<").append(i).append(">\r\n");
        }
        Thread.ofVirtual().start(() -> {
            try {
                say(flight.toString());
                pair.client().close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 0; i < 5000; i++) {
            assertThat(hear(512).latin1()).isEqualTo("RCPT TO:<" + i + ">");
        }
        assertThatThrownBy(() -> hear(512)).isInstanceOf(EOFException.class);
    }

    @Test
    void aLineWithoutEndLosesTheConnection() {
        Thread.ofVirtual().start(() -> {
            try {
                say("x".repeat(4 * BufferedConnection.ENDLESS_LINE));
            } catch (IOException expected) {
                return; // the reader gave up, which is the point
            }
        });
        assertThatThrownBy(() -> hear(512)).isInstanceOf(IOException.class).hasMessageContaining("without end");
        pair.server().close();
    }

    @Test
    void lineAndContentShareTheBuffer() throws IOException {
        say("DATA\r\n.\r\nBDAT 3\r\nabcNOOP\r\n");
        assertThat(hear(512).latin1()).isEqualTo("DATA");
        Octets content = new Octets();
        pair.server().readContent(content, new Pace(Duration.ofSeconds(1), 1), soon());
        assertThat(content.text()).isEmpty();
        assertThat(hear(512).latin1()).isEqualTo("BDAT 3");
        pair.server().readChunk(3, content, new Pace(Duration.ofSeconds(1), 1), soon());
        assertThat(content.text()).isEqualTo("abc");
        assertThat(pair.server().buffered()).isEqualTo("NOOP\r\n".length());
        assertThat(pair.server().readable()).isTrue();
        assertThat(hear(512).latin1()).isEqualTo("NOOP");
        assertThat(pair.server().readable()).isFalse();
    }

    @Test
    void halfALineAtTheEndIsNoLine() throws IOException {
        say("QUIT");
        pair.client().close();
        assertThatThrownBy(() -> hear(512)).isInstanceOf(EOFException.class);
        assertThat(pair.server().buffered()).isEqualTo("QUIT".length());
    }

    @Test
    void memoryKeepsItsDeadlinesAndBounds() throws IOException {
        assertThatThrownBy(() -> pair.server().readLine(512, Deadline.after(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceeded.class);
        assertThatThrownBy(() -> pair.client().write(new byte[1024 * 1024], Deadline.after(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceeded.class);
        pair.server().close();
        assertThatThrownBy(() -> say("x")).isInstanceOf(IOException.class).hasMessageContaining("the peer closed");
        assertThatThrownBy(() -> hear(512)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> pair.client().startTls(plain -> null, soon()))
                .isInstanceOf(IllegalStateException.class);
        assertThat(pair.client().tls()).isEmpty();
        assertThat(pair.client().peer()).hasToString("memory:server");
    }
}
