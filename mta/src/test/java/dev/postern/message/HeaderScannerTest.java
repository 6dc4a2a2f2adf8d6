package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderScannerTest {
    private static final String MESSAGE = """
            Received: from a
            \tby b
            received : x
            DATE: today
            X-Note: é
            From: a@b

            Received: in the body
            Message-ID: <in@the.body>
            """.replace("\n", "\r\n");

    private static HeaderScanner scanned(String text, int cut) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        HeaderScanner scanner = new HeaderScanner();
        scanner.scan(octets, 0, Math.min(cut, octets.length));
        scanner.scan(octets, Math.min(cut, octets.length), octets.length - Math.min(cut, octets.length));
        return scanner;
    }

    @Test
    void fieldsAreFoundWhateverTheirCaseAndWhereverTheContentIsCut() {
        for (int cut = 0; cut <= MESSAGE.length(); cut++) {
            HeaderScanner scanner = scanned(MESSAGE, cut);

            assertThat(scanner.received()).as("cut at %d", cut).isEqualTo(2);
            assertThat(scanner.fields()).as("cut at %d", cut).isEqualTo(5);
            assertThat(scanner.hasDate()).as("cut at %d", cut).isTrue();
            assertThat(scanner.hasFrom()).as("cut at %d", cut).isTrue();
            assertThat(scanner.hasMessageId()).as("cut at %d", cut).isFalse();
            assertThat(scanner.eightBit()).as("cut at %d", cut).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\nDate: body\r\n",
                "no header at all\r\nDate: x\r\n",
                ": no name\r\nDate: x\r\n",
                " Date: x\r\n"
            })
    void whatIsNoHeaderHasNoField(String text) {
        HeaderScanner scanner = scanned(text, 0);

        assertThat(scanner.fields()).isZero();
        assertThat(scanner.hasDate()).isFalse();
    }

    @Test
    void firstLineThatContinuesNothingIsTold() {
        for (int piece = 0; piece < 3; piece++) {
            assertThat(scanned(" Date: x\r\n", piece).beginsAsContinuation()).isTrue();
            assertThat(scanned("\tx\r\nDate: x\r\n", piece).beginsAsContinuation())
                    .isTrue();
            assertThat(scanned("Date:\r\n x\r\n", piece).beginsAsContinuation()).isFalse();
            assertThat(scanned("\r\n x\r\n", piece).beginsAsContinuation()).isFalse();
            assertThat(scanned("", piece).beginsAsContinuation()).isFalse();
        }
    }

    @Test
    void aFieldNameOfAnyLengthCostsNoMemory() {
        HeaderScanner scanner = scanned("X".repeat(100_000) + ": y\r\nDate: x\r\n", 50);

        assertThat(scanner.fields()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TLS-Required: No\\r\\n\\r\\n                          | true
            tls-required:no\\r\\nSubject: x\\r\\n\\r\\n              | true
            TLS-Required:\\r\\n NO \\r\\n\\r\\n                      | true
            TLS-Required : No\\r\\n\\r\\n                         | true
            Subject: x\\r\\n\\r\\n                               | false
            TLS-Required: Yes\\r\\n\\r\\n                         | false
            TLS-Required: No way\\r\\n\\r\\n                      | false
            TLS-Required: N o\\r\\n\\r\\n                         | false
            TLS-Required:\\r\\n\\r\\n                             | false
            TLS-Required: No\\r\\nTLS-Required: No\\r\\n\\r\\n      | false
            TLS-Required: No\\r\\nTLS-Required: Yes\\r\\n\\r\\n     | false
            X-TLS-Required: No\\r\\n\\r\\n                        | false
            Subject: x\\r\\n TLS-Required: No\\r\\n\\r\\n           | false
            Subject: x\\r\\n\\r\\nTLS-Required: No\\r\\n\\r\\n       | false
            """)
    void oneFieldSaysThatTlsIsNotRequired(String message, boolean said) {
        String text = message.replace("\\r\\n", "\r\n");
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(scanned(text, cut).tlsOptional()).as("cut at %d", cut).isEqualTo(said);
        }
    }

    @Test
    void aWishOfAnyLengthCostsNoMemory() {
        assertThat(scanned("TLS-Required: No" + " ".repeat(100_000) + "\r\n\r\n", 10)
                        .tlsOptional())
                .isTrue();
        assertThat(scanned("TLS-Required:" + " ".repeat(100_000) + "No\r\n\r\n", 10)
                        .tlsOptional())
                .isFalse();
    }
}
