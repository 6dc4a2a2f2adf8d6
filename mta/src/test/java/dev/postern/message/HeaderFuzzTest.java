package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/// Any octets as a message: its header and its body are all of it, whoever scans it while it passes sees the same
/// fields, and lists of addresses end.
class HeaderFuzzTest {
    private static final int MOST = 1 << 20;

    @FuzzTest
    void messages(byte[] octets) throws IOException {
        MessageReader reader = MessageReader.read(new ByteArrayInputStream(octets), MOST);
        String fields = reader.header().fields().stream()
                .map(field -> field.text() + "\r\n")
                .collect(Collectors.joining());
        String body = new String(reader.body().readAllBytes(), StandardCharsets.ISO_8859_1);
        String whole = new String(octets, StandardCharsets.ISO_8859_1);
        switch (reader.header().ending()) {
            case EMPTY_LINE -> assertThat(fields + "\r\n" + body).isEqualTo(whole);
            case NO_FIELD -> assertThat(fields + body).isEqualTo(whole);
            case END -> {
                assertThat(whole).isIn(fields, fields.substring(0, Math.max(0, fields.length() - 2)));
                assertThat(body).isEmpty();
            }
        }
        Stamps stamps = new Stamps();
        if (isClean(fields)) {
            stamps.add(fields);
            assertThat(stamps.fields())
                    .extracting(HeaderField::text)
                    .isEqualTo(reader.header().fields().stream()
                            .map(HeaderField::text)
                            .toList());
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> stamps.add(fields));
        }
    }

    /// Whether every CR and LF is half of an end of line, and of other control characters there is the tab alone.
    private static boolean isClean(String fields) {
        return fields.replace("\r\n", "").chars().noneMatch(c -> (c < ' ' && c != '\t') || c == 127);
    }

    @FuzzTest
    void scanner(FuzzedDataProvider data) {
        int cut = data.consumeInt(0, 64);
        byte[] octets = data.consumeRemainingAsBytes();
        HeaderScanner whole = new HeaderScanner();
        whole.scan(octets, 0, octets.length);
        HeaderScanner pieces = new HeaderScanner();
        int first = Math.min(cut, octets.length);
        pieces.scan(octets, 0, first);
        pieces.scan(octets, first, octets.length - first);
        assertThat(told(pieces)).isEqualTo(told(whole));
        assertThat(whole.received()).isLessThanOrEqualTo(whole.fields());
    }

    private static String told(HeaderScanner scanner) {
        return scanner.fields() + " " + scanner.received() + " " + scanner.hasDate() + " " + scanner.hasFrom() + " "
                + scanner.hasMessageId() + " " + scanner.eightBit();
    }

    @FuzzTest
    void addressLists(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        assertThat(AddressList.parse(text))
                .allSatisfy(address -> assertThat(address).isNotBlank().hasSizeLessThanOrEqualTo(text.length()));
    }
}
