package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveredToTest {
    private static Set<String> in(String message) throws IOException {
        return DeliveredTo.in(new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Delivered-To: a@b.example\\r\\n\\r\\n | a@b.example",
                "DELIVERED-TO:A@B.EXAMPLE\\r\\n\\r\\n | a@b.example",
                "Delivered-To:\\r\\n a@b.example\\r\\n\\r\\n | a@b.example",
                "Delivered-To: a@b.example | a@b.example",
                "Delivered-To: a@b.example\\n\\n | a@b.example",
                "Delivered-To: ~odd one~@b.example\\r\\n\\r\\n | ~odd one~@b.example",
                "Delivered-To: a@b.example (a comment)\\r\\n\\r\\n | a@b.example (a comment)",
                "Delivered-To: <a@b.example>\\r\\n\\r\\n | <a@b.example>",
                "Delivered-To: a@b.example, c@d.example\\r\\n\\r\\n | a@b.example, c@d.example",
                "Delivered-To:\\r\\n\\r\\n | ''",
            })
    void fieldIsReadAsItStands(String header, String expected) throws IOException {
        assertThat(in(header.replace("\\r", "\r").replace("\\n", "\n").replace('~', '"')))
                .containsExactly(expected.replace('~', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\\r\\nDelivered-To: a@b.example\\r\\n",
                "Subject: x\\r\\n\\r\\nDelivered-To: a@b.example\\r\\n",
                "Subject: x\\r\\n Delivered-To: a@b.example\\r\\n\\r\\n",
                "X-Delivered-To: a@b.example\\r\\n\\r\\n",
                "Delivered-To : a@b.example\\r\\n\\r\\n",
                "''",
            })
    void anythingElseIsNoSuchField(String header) throws IOException {
        assertThat(in(header.replace("\\r", "\r").replace("\\n", "\n"))).isEmpty();
    }

    @Test
    void fieldsOnTopAreReadAndNoMoreThanSoMany() throws IOException {
        StringBuilder header = new StringBuilder("Delivered-To: top@b.example\r\n");
        for (int i = 0; i < 10_000; i++) {
            header.append("Delivered-To: a").append(i).append("@b.example\r\n");
        }
        assertThat(in(header.toString())).hasSize(DeliveredTo.MOST_FIELDS).contains("top@b.example");
    }

    @Test
    void longFieldIsCutAndTheNextIsReadAllTheSame() throws IOException {
        String folded = "Delivered-To: (" + "x\r\n ".repeat(100_000) + ")a@b.example\r\n";
        assertThat(in(folded + "Delivered-To: c@d.example\r\n\r\n"))
                .contains("c@d.example")
                .doesNotContain("a@b.example")
                .allSatisfy(address -> assertThat(address.length()).isLessThan(1001));
    }

    @Test
    void headerWithoutEndIsReadNoFurtherThanAMebibyte() throws IOException {
        AtomicLong read = new AtomicLong();
        ByteArrayInputStream endless =
                new ByteArrayInputStream("x: y\r\n".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII)) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        int n = super.read(into, offset, length);
                        read.addAndGet(n);
                        return n;
                    }
                };
        assertThat(DeliveredTo.in(endless)).isEmpty();
        assertThat(read.get()).isLessThan((1 << 20) + 20_000);
    }
}
