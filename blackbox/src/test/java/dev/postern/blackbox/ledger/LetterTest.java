package dev.postern.blackbox.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A letter, and what is made of its copies.
final class LetterTest {
    private static final String TRACE = "Received: from a\r\n\tby b; now\r\n";

    private static String text(Letter letter) {
        return new String(letter.octets(), StandardCharsets.ISO_8859_1);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 77, 4096, 700_000})
    void aCopyWithTraceFieldsIsWholeWithEitherLineEnd(int size) {
        Letter letter = new Letter(7, size);
        String copy = TRACE + text(letter);
        assertThat(Copy.read(octets(copy))).contains(new Copy(7, true));
        assertThat(Copy.read(octets(copy.replace("\r\n", "\n")))).contains(new Copy(7, true));
    }

    @Test
    void theBodyIsAsLongAsAsked() {
        String text = text(new Letter(3, 4096));
        int body = text.length() - text.indexOf("\r\n\r\n") - 4;
        assertThat(body).isBetween(4096, 4096 + 80);
        assertThat(text).endsWith("\r\n").contains("\r\n.");
    }

    @Test
    void damageIsSeen() {
        String text = text(new Letter(3, 1000));
        int body = text.indexOf("\r\n\r\n") + 4;
        char changed = text.charAt(body + 10) == 'x' ? 'y' : 'x';
        assertThat(Copy.read(octets(text.substring(0, body + 10) + changed + text.substring(body + 11))))
                .contains(new Copy(3, false));
        assertThat(Copy.read(octets(text.substring(0, text.length() - 2)))).contains(new Copy(3, false));
        assertThat(Copy.read(octets(text + "\r\n"))).contains(new Copy(3, false));
        assertThat(Copy.read(octets(text.substring(0, body)))).contains(new Copy(3, false));
        assertThat(Copy.read(octets(text.replaceFirst("\r\n\\.", "\r\n..")))).contains(new Copy(3, false));
    }

    @Test
    void aReportThatQuotesALetterIsNone() {
        String report = "Subject: Undelivered\r\n\r\n" + text(new Letter(3, 10));
        assertThat(Copy.read(octets(report))).isEmpty();
        assertThat(Copy.read(new byte[0])).isEmpty();
        assertThat(Copy.read(octets("no header"))).isEmpty();
    }
}
