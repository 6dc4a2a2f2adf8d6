package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Any text with encoded words is read, and what can be seen of it is written so that it is read again, in words that
/// mean nothing else.
class EncodedWordsFuzzTest {
    @FuzzTest
    void texts(byte[] octets) {
        String read = EncodedWords.decode(new String(octets, StandardCharsets.ISO_8859_1));
        DisplayText seen = DisplayText.of(read, 100);
        String phrase = String.join("\r\n ", seen.phrase());
        assertThat(phrase).matches("(?s)[ -~\r\n]*");
        if (phrase.startsWith("\"")) {
            assertThat(phrase).isEqualTo('"' + seen.text() + '"');
        } else {
            assertThat(EncodedWords.decode(phrase)).isEqualTo(seen.text());
        }
        assertThat(EncodedWords.decode(String.join("\r\n ", seen.words())).replace("\r\n", ""))
                .isEqualTo(seen.text());
    }
}
