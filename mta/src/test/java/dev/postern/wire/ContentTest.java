package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Content of DATA and BDAT as a connection reads it, whatever the cuts of the stream.
class ContentTest {
    private static final Pace STALL = new Pace(Duration.ofSeconds(10), 1);

    private static Deadline soon() {
        return Deadline.after(STALL.stall());
    }

    /// What stands on the wire, the content that it is, and how many bare CR, bare LF and NUL it has.
    static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of(".\r\n", "", 0, 0, 0),
                Arguments.of("\r\n.\r\n", "\r\n", 0, 0, 0),
                Arguments.of("a\r\n.\r\n", "a\r\n", 0, 0, 0),
                Arguments.of("a\r\nb\r\n.\r\n", "a\r\nb\r\n", 0, 0, 0),
                Arguments.of("..\r\n.\r\n", ".\r\n", 0, 0, 0),
                Arguments.of("...\r\n.\r\n", "..\r\n", 0, 0, 0),
                Arguments.of(".a\r\n.\r\n", "a\r\n", 0, 0, 0),
                Arguments.of("a.\r\n.\r\n", "a.\r\n", 0, 0, 0),
                Arguments.of("a\r\n..\r\n..b\r\n.\r\n", "a\r\n.\r\n.b\r\n", 0, 0, 0),
                Arguments.of("\n.\n\r\n.\r\n", "\n.\n\r\n", 0, 2, 0),
                Arguments.of("a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", 0, 1, 0),
                Arguments.of("a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", 0, 1, 0),
                Arguments.of("a\r.\r\nb\r\n.\r\n", "a\r.\r\nb\r\n", 1, 0, 0),
                Arguments.of("a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", 1, 0, 0),
                Arguments.of("a\r.\rb\r\n.\r\n", "a\r.\rb\r\n", 2, 0, 0),
                Arguments.of("a\r\n.\r\r\n.\r\n", "a\r\n\r\r\n", 1, 0, 0),
                Arguments.of("a\r\n.\r.\r\n.\r\n", "a\r\n\r.\r\n", 1, 0, 0),
                Arguments.of("a\r\r\n.\r\n", "a\r\r\n", 1, 0, 0),
                Arguments.of("a\n\r\n.\r\n", "a\n\r\n", 0, 1, 0),
                Arguments.of("\r\r\n\n.\r\n\r\n.\r\n", "\r\r\n\n.\r\n\r\n", 1, 1, 0),
                Arguments.of("\r\n\0.\r\n\r\n.\r\n", "\r\n\0.\r\n\r\n", 0, 0, 1),
                Arguments.of("\r\n.\0\r\n.\r\n", "\r\n\0\r\n", 0, 0, 1),
                Arguments.of("\0\0\u00e9\u0085\r\n.\r\n", "\0\0\u00e9\u0085\r\n", 0, 0, 2),
                Arguments.of("\u0085.\u0085\r\n.\r\n", "\u0085.\u0085\r\n", 0, 0, 0));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void contentEndsWithCrLfDotCrLfAtEveryCutOfTheStream(String wire, String content, int bareCr, int bareLf, int nul)
            throws IOException {
        for (int cut = 0; cut <= wire.length(); cut++) {
            for (int second = cut; second <= wire.length(); second++) {
                try (Scripted scripted = new Scripted(
                        wire.substring(0, cut), wire.substring(cut, second), wire.substring(second) + "NOOP\r\n")) {
                    Octets sink = new Octets();
                    ContentScan scan = scripted.connection().readContent(sink, STALL, soon());
                    assertThat(sink.text()).as("cut at %d and %d", cut, second).isEqualTo(content);
                    assertThat(scan.octets()).isEqualTo(content.length());
                    assertThat(List.of(scan.bareCr(), scan.bareLf(), scan.nul()))
                            .isEqualTo(List.of((long) bareCr, (long) bareLf, (long) nul));
                    assertThat(scan.eightBit()).isEqualTo(content.chars().anyMatch(c -> c > 127));
                    assertThat(scripted.connection().readLine(512, soon()).latin1())
                            .isEqualTo("NOOP");
                }
            }
        }
    }

    @Test
    void oneOctetAtATimeIsTheSameContent() throws IOException {
        String wire = "a\r\n..b\r\n.c\n.\r\r.\r\nd\r\n.\r\nQUIT\r\n";
        try (Scripted scripted = new Scripted(wire.split("", -1))) {
            Octets sink = new Octets();
            scripted.connection().readContent(sink, STALL, soon());
            assertThat(sink.text()).isEqualTo("a\r\n.b\r\nc\n.\r\r.\r\nd\r\n");
            assertThat(scripted.connection().readLine(512, soon()).latin1()).isEqualTo("QUIT");
        }
    }

    @Test
    void whatTheSinkThrowsIsThrownAfterTheEnd() throws IOException {
        IOException full = new IOException("no room");
        try (Scripted scripted = new Scripted("a\r\n", "b\r\n.\r\n", "NOOP\r\n")) {
            assertThatThrownBy(() -> scripted.connection()
                            .readContent(
                                    (octets, offset, length) -> {
                                        throw full;
                                    },
                                    STALL,
                                    soon()))
                    .isSameAs(full);
            assertThat(scripted.connection().readLine(512, soon()).latin1()).isEqualTo("NOOP");
        }
    }

    @Test
    void aStreamThatEndsBeforeTheDotIsAnError() throws IOException {
        try (Scripted scripted = new Scripted("a\r\n.", "\r")) {
            scripted.end();
            assertThatThrownBy(() -> scripted.connection().readContent(new Octets(), STALL, soon()))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void contentThatStallsExceedsItsDeadline() throws IOException {
        try (Scripted scripted = new Scripted("a\r\n")) {
            assertThatThrownBy(() ->
                            scripted.connection().readContent(new Octets(), new Pace(Duration.ofMillis(20), 1), soon()))
                    .isInstanceOf(DeadlineExceeded.class);
        }
    }

    @Test
    void aChunkIsExactlyItsOctets() throws IOException {
        String wire = "\r\n.\r\n\n\rabc";
        for (int cut = 0; cut <= wire.length(); cut++) {
            try (Scripted scripted = new Scripted(wire.substring(0, cut), wire.substring(cut) + "NOOP\r\n")) {
                Octets sink = new Octets();
                scripted.connection().readChunk(wire.length(), sink, STALL, soon());
                assertThat(sink.text()).isEqualTo(wire);
                assertThat(scripted.connection().readLine(512, soon()).latin1()).isEqualTo("NOOP");
            }
        }
    }

    /// The server's end of a connection whose client says these words, each flushed alone.
    private static final class Scripted implements AutoCloseable {
        private final MemoryConnection.Pair pair = MemoryConnection.pair();

        Scripted(String... pieces) throws IOException {
            for (String piece : pieces) {
                pair.client().write(Octets.of(piece), soon());
                pair.client().flush(soon());
            }
        }

        Connection connection() {
            return pair.server();
        }

        void end() {
            pair.client().close();
        }

        @Override
        public void close() {
            pair.client().close();
            pair.server().close();
        }
    }
}
