package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentWriterTest {
    private static final Duration STALL = Duration.ofSeconds(10);

    private static Deadline soon() {
        return Deadline.after(STALL);
    }

    /// A stream that gives so many octets at a time.
    private static InputStream pieces(byte[] octets, int size) {
        return new ByteArrayInputStream(octets) {
            @Override
            public int read(byte[] to, int offset, int length) {
                return super.read(to, offset, Math.min(length, size));
            }
        };
    }

    private static String dotted(byte[] content, int pieces) throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        new ContentWriter(pair.client(), STALL, soon()).sendDotted(pieces(content, pieces));
        pair.client().close();
        return sent(pair.server());
    }

    private static String sent(MemoryConnection connection) throws IOException {
        StringBuilder all = new StringBuilder();
        byte[] some = new byte[8192];
        for (int n = connection.receive(some, 0, some.length, soon());
                n >= 0;
                n = connection.receive(some, 0, some.length, soon())) {
            all.append(Octets.text(some), 0, n);
        }
        return all.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'', '.\\r\\n'",
        "'a', 'a\\r\\n.\\r\\n'",
        "'a\\r\\n', 'a\\r\\n.\\r\\n'",
        "'.', '..\\r\\n.\\r\\n'",
        "'.\\r\\n', '..\\r\\n.\\r\\n'",
        "'..\\r\\n', '...\\r\\n.\\r\\n'",
        "'a\\r\\n.b\\r\\n', 'a\\r\\n..b\\r\\n.\\r\\n'",
        "'a.b\\r\\n', 'a.b\\r\\n.\\r\\n'",
        "'\\r\\n.\\r\\n', '\\r\\n..\\r\\n.\\r\\n'",
        "'\\r\\n\\r\\n', '\\r\\n\\r\\n.\\r\\n'",
    })
    void dotsAreStuffedAtEveryCut(String content, String wire) throws IOException {
        byte[] octets = Octets.of(content.translateEscapes());
        for (int pieces = 1; pieces <= octets.length + 1; pieces++) {
            assertThat(dotted(octets, pieces)).isEqualTo(wire.translateEscapes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb\r\n",
                "\n",
                "a\r\n\n",
                "a\n.\r\n",
                "a\rb\r\n",
                "\r",
                "a\r",
                "a\r\r\n",
                "a\r\n\r",
                "a\r.\r\n",
                "a\0b\r\n",
                "\0",
                "a\r\n.\n.\r\n",
                "\r\0\n"
            })
    void whatIsNotCleanIsNeverSent(String content) throws IOException {
        byte[] octets = Octets.of(content);
        for (int pieces = 1; pieces <= octets.length + 1; pieces++) {
            MemoryConnection.Pair pair = MemoryConnection.pair();
            InputStream stream = pieces(octets, pieces);
            assertThatThrownBy(() -> new ContentWriter(pair.client(), STALL, soon()).sendDotted(stream))
                    .isInstanceOf(IllegalContentException.class)
                    .hasMessageMatching("a (bare CR|bare LF|NUL) at octet \\d+");
            pair.client().flush(soon());
            pair.client().close();
            String sent = sent(pair.server());
            assertThat(sent).doesNotContain("\0").doesNotContain("\r\n.\r\n").isNotEqualTo(".\r\n");
            assertThat(sent.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        }
    }

    @Test
    void theFaultIsNamedWithItsPlace() {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        assertThatThrownBy(() -> new ContentWriter(pair.client(), STALL, soon())
                        .sendDotted(new ByteArrayInputStream(Octets.of(".a\r\nbc\nd"))))
                .hasMessage("a bare LF at octet 6");
    }

    @Test
    void whatIsSentIsWhatIsRead() throws Exception {
        Random random = new Random(821);
        String[] bits = {"\r\n", ".", "..", "a", "bc", "\r\n.", ".\r\n", "\u00e9", "x".repeat(40_000)};
        for (int i = 0; i < 300; i++) {
            StringBuilder content = new StringBuilder();
            for (int j = random.nextInt(20); j >= 0; j--) {
                content.append(bits[random.nextInt(random.nextInt(8) == 0 ? bits.length : bits.length - 1)]);
            }
            content.append("\r\n");
            byte[] octets = Octets.of(content.toString());
            MemoryConnection.Pair pair = MemoryConnection.pair();
            int pieces = 1 + random.nextInt(5000);
            Thread writer = Thread.ofVirtual().start(() -> {
                try {
                    new ContentWriter(pair.client(), STALL, soon()).sendDotted(pieces(octets, pieces));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            Octets read = new Octets();
            ContentScan scan = pair.server().readContent(read, new Pace(STALL, 1), soon());
            assertThat(read.text()).isEqualTo(content.toString());
            assertThat(scan.clean()).isTrue();
            writer.join();
        }
    }

    @Test
    void aChunkIsSentAsItIs() throws IOException {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        String content = ".a\r\n.\r\n..";
        ContentWriter writer = new ContentWriter(pair.client(), STALL, soon());
        writer.sendCounted(pieces(Octets.of(content), 3), content.length());
        pair.client().flush(soon());
        pair.client().close();
        assertThat(sent(pair.server())).isEqualTo(content);
    }

    @ParameterizedTest
    @CsvSource({"'abc', 2", "'abc', 4", "'', 1", "'a', 0", "'a\\n', 2", "'a\\r', 2", "'a\\r\\n', 2"})
    void aChunkOfAnotherLengthOrUncleanIsAnError(String content, long length) {
        MemoryConnection.Pair pair = MemoryConnection.pair();
        byte[] octets = Octets.of(content.translateEscapes());
        assertThatThrownBy(() -> new ContentWriter(pair.client(), STALL, soon())
                        .sendCounted(new ByteArrayInputStream(octets), length))
                .isInstanceOf(IllegalContentException.class);
    }
}
