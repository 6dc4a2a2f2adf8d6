package dev.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NestingScannerTest {
    private static final int MOST = 2000;

    private static byte[] message(String text) {
        return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
    }

    private static boolean tooDeep(byte[] message, int limit) {
        NestingScanner scanner = new NestingScanner(limit);
        scanner.scan(message, 0, message.length);
        return scanner.tooDeep();
    }

    /// How many levels a message has.
    static int levels(byte[] message) {
        byte[] within = ("Content-Type: message/rfc822\r\n\r\n" + new String(message, ISO_8859_1)).getBytes(ISO_8859_1);
        int levels = 0; // within another message there is one more
        while (levels < MOST && tooDeep(within, levels + 1)) {
            levels++;
        }
        return levels;
    }

    private static String nested(int levels) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < levels; i++) {
            text.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        return text + "\nhello\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 50, 100, 101})
    void multipartsWithinEachOtherAreLevels(int levels) {
        assertThat(levels(message(nested(levels)))).isEqualTo(levels);
    }

    @Test
    void whatIsBeyondTheLimitIsTold() {
        assertThat(tooDeep(message(nested(100)), 100)).isFalse();
        assertThat(tooDeep(message(nested(101)), 100)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1 | Content-Type: message/rfc822\\n\\nSubject: inner\\n\\nhello\\n
            2 | Content-Type: message/rfc822\\n\\nContent-Type: message/global\\n\\n\\nhello\\n
            1 | CONTENT-TYPE:\\n multipart/mixed;\\n boundary="a b"\\n\\n--a b\\n\\nhello\\n--a b--\\n
            2 | Content-Type: multipart/digest; boundary=b\\n\\n--b\\n\\nSubject: inner\\n\\nhello\\n--b--\\n
            1 | Content-Type: multipart/digest; boundary=b\\n\\n--b\\nContent-Type: text/plain\\n\\n\\nhello\\n--b--\\n
            1 | Content-Type: multipart/mixed; boundary=b\\nContent-Type: message/rfc822\\n\\n--b\\n\\nhello\\n
            0 | Content-Type: multipart/mixed\\n\\n--b\\nContent-Type: multipart/mixed; boundary=c\\n\\n
            0 | Subject: x\\n\\nContent-Type: multipart/mixed; boundary=c\\n\\n--c\\n\\n
            0 | Content-Type: text/plain; boundary=b\\n\\n--b\\nContent-Type: multipart/mixed; boundary=c\\n\\n
            1 | Content-Type: multipart/mixed; boundary=b\\n\\n--b--\\n--b\\nContent-Type: multipart/mixed; boundary=c\\n\\n
            1 | Content-Type: multipart/mixed; boundary=b\\n\\n--bc\\nContent-Type: multipart/mixed; boundary=c\\n\\n
            2 | Content-Type: multipart/mixed; boundary=b\\n\\n--b\\nContent-Type: multipart/mixed; boundary=bb\\n\\n--bb\\n\\nx\\n
            2 | Content-Type: multipart/mixed; boundary=b\\n\\n--b\\nContent-Type: message/rfc822\\n\\nSubject: x\\n\\n--b\\nContent-Type: message/rfc822\\n\\n\\n
            1 | Content-Type: multipart/mixed; boundary=b\\n\\n--b\\nX: -\\n\\n-- \\n--\\n-\\n--x\\n--b--\\n
            """)
    void levelsOpenAndClose(int levels, String text) {
        assertThat(levels(message(text.replace("\\n", "\n")))).isEqualTo(levels);
    }

    @Test
    void anyCutMeansTheSame() {
        byte[] message = message(nested(3).replace("hello", "x\n--b2\n\nContent\n--b1--\n"));
        for (int cut = 0; cut <= message.length; cut++) {
            for (int limit = 2; limit <= 3; limit++) {
                NestingScanner scanner = new NestingScanner(limit);
                scanner.scan(message, 0, cut);
                scanner.scan(message, cut, message.length - cut);
                assertThat(scanner.tooDeep()).as("cut at %d", cut).isEqualTo(limit < 3);
            }
        }
    }

    /// Mime4j decodes messages in base64, which RFC 2046 §5.2.1 forbids; the scanner looks into nothing
    /// encoded.
    private static final Set<String> ENCODED =
            Set.of("bad-newlines-multiple-parts-base64", "base64encoded-rfc822message-nested");

    static Stream<String> vectors() throws IOException {
        return MimeReaderTest.alike().filter(name -> !ENCODED.contains(name));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void levelsAreThoseThatMime4jSees(String name) throws IOException {
        byte[] message = MimeReaderTest.vector(name);
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.custom()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(-1)
                .setMaxHeaderCount(-1)
                .build());
        assertThat(levels(message)).isEqualTo(levels(builder.parseMessage(new ByteArrayInputStream(message))));
    }

    private static int levels(Entity entity) {
        return switch (entity.getBody()) {
            case Multipart multipart ->
                1
                        + multipart.getBodyParts().stream()
                                .mapToInt(NestingScannerTest::levels)
                                .max()
                                .orElse(0);
            case Message message -> 1 + levels(message);
            case null, default -> 0;
        };
    }
}
