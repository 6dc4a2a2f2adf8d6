package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Content against the plainest reading of the RFCs, cut anywhere.
class ContentFuzzTest {
    private static final Pace STALL = new Pace(Duration.ofSeconds(10), 1);
    private static final int MOST_CUTS = 8;

    private static Deadline soon() {
        return Deadline.after(STALL.stall());
    }

    @FuzzTest
    void contentIsWhatTheOracleReads(FuzzedDataProvider data) throws IOException {
        int[] sizes = data.consumeInts(data.consumeInt(0, MOST_CUTS));
        byte[] wire = data.consumeRemainingAsBytes();
        Optional<NaiveContent.Read> expected = NaiveContent.read(Octets.text(wire));
        MemoryConnection.Pair pair = MemoryConnection.pair();
        sayInPieces(pair.client(), wire, sizes);
        pair.client().close();
        Octets sink = new Octets();
        ContentScan scan;
        try {
            scan = pair.server().readContent(sink, STALL, soon());
        } catch (EOFException unfinished) {
            assertThat(expected).isEmpty();
            return;
        }
        assertThat(expected).isPresent();
        assertThat(sink.text()).isEqualTo(expected.get().content());
        assertThat(scan).isEqualTo(NaiveContent.scan(sink.text()));
        Octets rest = new Octets();
        pair.server().readChunk(expected.get().rest().length(), rest, STALL, soon());
        assertThat(rest.text()).isEqualTo(expected.get().rest());
    }

    private static void sayInPieces(Connection connection, byte[] wire, int[] sizes) throws IOException {
        int at = 0;
        for (int size : sizes) {
            int length = Math.min(wire.length - at, Math.floorMod(size, 16) + 1);
            connection.write(wire, at, length, soon());
            connection.flush(soon());
            at += length;
        }
        connection.write(wire, at, wire.length - at, soon());
        connection.flush(soon());
    }

    @FuzzTest
    void whatIsSentIsCleanAndComesBack(byte[] content) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        String text = Octets.text(content);
        try {
            new ContentWriter(pair.client(), STALL.stall(), soon()).sendDotted(new ByteArrayInputStream(content));
        } catch (IllegalContentException unclean) {
            assertThat(NaiveContent.scan(text).clean()).isFalse();
            return;
        }
        Octets sink = new Octets();
        ContentScan scan = pair.server().readContent(sink, STALL, soon());
        assertThat(scan.clean()).isTrue();
        assertThat(sink.text()).isEqualTo(text.isEmpty() || text.endsWith("\r\n") ? text : text + "\r\n");
        assertThat(pair.server().buffered()).isZero();
    }

    @FuzzTest
    void linesAreWhatStandsBetweenLineFeeds(byte[] wire) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        int half = wire.length / 2;
        sayInPieces(pair.client(), wire, new int[] {half, half / 2, 1, 1});
        pair.client().close();
        String text = Octets.text(wire);
        int limit = 16;
        int from = 0;
        for (int lf = text.indexOf('\n'); lf >= 0; lf = text.indexOf('\n', from)) {
            boolean crLf = lf > from && text.charAt(lf - 1) == '\r';
            String line = text.substring(from, crLf ? lf - 1 : lf);
            boolean control = line.contains("\r") || line.contains("\0");
            Line.Ending ending = line.length() > limit
                    ? Line.Ending.TOO_LONG
                    : !crLf ? Line.Ending.BARE_LF : control ? Line.Ending.CONTROL : Line.Ending.CRLF;
            Line read = pair.server().readLine(limit, soon());
            assertThat(read.ending()).isEqualTo(ending);
            assertThat(new String(read.octets(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(line.substring(0, Math.min(line.length(), limit)));
            from = lf + 1;
        }
    }
}
