package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/// Lines, chunks and contents in any order out of one stream, cut anywhere: each takes its own octets, and no other.
class ChunkFuzzTest {
    private static final Pace PACE = new Pace(Duration.ofSeconds(10), 1);
    private static final int LIMIT = 16;
    private static final int MOST = 60_000;

    /// @param input how many steps there are, a step each: what is read and where the stream is cut; then the stream
    @FuzzTest
    void everythingTakesItsOwnOctets(byte[] input) throws IOException {
        if (input.length == 0 || input.length > MOST) {
            return;
        }
        int steps = Math.min(input[0] & 0xF, input.length - 1);
        byte[] wire = Arrays.copyOfRange(input, 1 + steps, input.length);
        MemoryConnection.Pair pair = MemoryConnection.pair();
        send(pair.client(), wire, Arrays.copyOfRange(input, 1, 1 + steps));
        pair.client().close();
        String rest = Octets.text(wire);
        for (int i = 1; i <= steps; i++) {
            try {
                rest = step(pair.server(), input[i] & 0xFF, rest);
            } catch (EOFException end) {
                return;
            }
        }
        Octets left = new Octets();
        pair.server().readChunk(rest.length(), left, PACE, soon());
        assertThat(left.text()).isEqualTo(rest);
    }

    private static String step(Connection server, int step, String rest) throws IOException {
        return switch (step % 3) {
            case 0 -> line(server, rest);
            case 1 -> chunk(server, step / 3, rest);
            default -> content(server, rest);
        };
    }

    private static String line(Connection server, String rest) throws IOException {
        Line line;
        try {
            line = server.readLine(LIMIT, soon());
        } catch (EOFException end) {
            assertThat(rest).doesNotContain("\n");
            throw end;
        }
        int lf = rest.indexOf('\n');
        assertThat(lf).isNotNegative();
        String whole = rest.substring(0, lf);
        boolean crLf = whole.endsWith("\r");
        String words = crLf ? whole.substring(0, lf - 1) : whole;
        assertThat(line.latin1()).isEqualTo(words.substring(0, Math.min(LIMIT, words.length())));
        boolean clean = crLf && words.length() <= LIMIT && !words.contains("\r") && !words.contains("\0");
        assertThat(line.ending() == Line.Ending.CRLF).isEqualTo(clean);
        return rest.substring(lf + 1);
    }

    private static String chunk(Connection server, int length, String rest) throws IOException {
        Octets sink = new Octets();
        try {
            server.readChunk(length, sink, PACE, soon());
        } catch (EOFException end) {
            assertThat(rest.length()).isLessThan(length);
            throw end;
        }
        assertThat(sink.text()).isEqualTo(rest.substring(0, length));
        return rest.substring(length);
    }

    private static String content(Connection server, String rest) throws IOException {
        Octets sink = new Octets();
        try {
            server.readContent(sink, PACE, soon());
        } catch (EOFException end) {
            assertThat(NaiveContent.read(rest)).isEmpty();
            throw end;
        }
        NaiveContent.Read read = NaiveContent.read(rest).orElseThrow();
        assertThat(sink.text()).isEqualTo(read.content());
        return read.rest();
    }

    private static void send(Connection client, byte[] wire, byte[] steps) throws IOException {
        int at = 0;
        for (byte step : steps) {
            int end = Math.min(wire.length, at + (step & 0xFF) % 7 + 1);
            client.write(wire, at, end - at, soon());
            client.flush(soon());
            at = end;
        }
        client.write(wire, at, wire.length - at, soon());
        client.flush(soon());
    }

    private static Deadline soon() {
        return Deadline.after(PACE.stall());
    }

    /// A chunk without end: the stream ends first, and what was there was handed on.
    @FuzzTest
    void chunkThatIsCutOffIsHandedOnAsFarAsItCame(byte[] wire) throws IOException {
        if (wire.length > MOST) {
            return;
        }
        MemoryConnection.Pair pair = MemoryConnection.pair();
        pair.client().write(wire, soon());
        pair.client().flush(soon());
        pair.client().close();
        Octets sink = new Octets();
        try {
            pair.server().readChunk(Long.MAX_VALUE, sink, PACE, soon());
        } catch (EOFException end) {
            assertThat(sink.text()).isEqualTo(new String(wire, StandardCharsets.ISO_8859_1));
            return;
        }
        throw new AssertionError("more octets than were sent");
    }
}
