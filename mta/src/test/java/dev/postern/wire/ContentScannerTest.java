package dev.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentScannerTest {
    private static ContentScan scan(String content, int piece) {
        byte[] octets = Octets.of(content);
        ContentScanner scanner = new ContentScanner();
        for (int at = 0; at < octets.length; at += piece) {
            scanner.scan(octets, at, Math.min(piece, octets.length - at));
        }
        return scanner.result();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0, 0, 0, 0",
        "'abc', 0, 0, 0, 3",
        "'abc\\r\\n', 0, 0, 0, 3",
        "'a\\r\\nbcd\\r\\ne', 0, 0, 0, 3",
        "'a\\r\\nbcde', 0, 0, 0, 4",
        "'\\r', 1, 0, 0, 1",
        "'\\n', 0, 1, 0, 1",
        "'\\r\\r\\n', 1, 0, 0, 1",
        "'\\n\\r\\n\\r', 1, 1, 0, 1",
        "'\\r\\0\\n', 1, 1, 1, 3",
    })
    void linesAreCounted(String escaped, long bareCr, long bareLf, long nul, int longest) {
        String content = escaped.translateEscapes();
        boolean ends = content.isEmpty() || content.endsWith("\r\n");
        for (int piece = 1; piece <= content.length() + 1; piece++) {
            assertThat(scan(content, piece))
                    .isEqualTo(new ContentScan(content.length(), bareCr, bareLf, nul, false, longest, ends));
        }
    }

    @Test
    void countsAreThoseOfANaiveCount() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder content = new StringBuilder();
            for (int j = random.nextInt(30); j > 0; j--) {
                content.append("\r\n\0a.\u00e9".charAt(random.nextInt(6)));
            }
            String text = content.toString();
            assertThat(scan(text, 1 + random.nextInt(8))).isEqualTo(NaiveContent.scan(text));
        }
    }
}
