package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageReaderTest {
    private static final int MOST = 1000;

    record Parting(String message, List<String> fields, MessageHeader.Ending ending, String body) {}

    static List<Parting> partings() {
        return List.of(
                new Parting("A: 1\r\nB: 2\r\n\r\nbody\r\n", List.of("A: 1", "B: 2"), emptyLine(), "body\r\n"),
                new Parting("A: 1\r\n\t2\r\n 3\r\nB:\r\n\r\n", List.of("A: 1\r\n\t2\r\n 3", "B:"), emptyLine(), ""),
                new Parting("A: 1\r\n \r\n\r\nbody", List.of("A: 1\r\n "), emptyLine(), "body"),
                new Parting("A : 1\r\n\r\n", List.of("A : 1"), emptyLine(), ""),
                new Parting("\r\nbody", List.of(), emptyLine(), "body"),
                new Parting("", List.of(), MessageHeader.Ending.END, ""),
                new Parting("A: 1", List.of("A: 1"), MessageHeader.Ending.END, ""),
                new Parting("A: 1\r\n", List.of("A: 1"), MessageHeader.Ending.END, ""),
                new Parting("A: 1\r\n 2", List.of("A: 1\r\n 2"), MessageHeader.Ending.END, ""),
                new Parting("A: 1\r\nno field\r\nB: 2\r\n", List.of("A: 1"), noField(), "no field\r\nB: 2\r\n"),
                new Parting(" A: 1\r\n\r\n", List.of(), noField(), " A: 1\r\n\r\n"),
                new Parting(": 1\r\n\r\n", List.of(), noField(), ": 1\r\n\r\n"),
                new Parting("A\u00e9: 1\r\n\r\n", List.of(), noField(), "A\u00e9: 1\r\n\r\n"),
                new Parting("A: \u00e9\nB: 2\rC: 3\r\n\r\n", List.of("A: \u00e9\nB: 2\rC: 3"), emptyLine(), ""),
                new Parting("A: \0\r\n\r\n", List.of("A: \0"), emptyLine(), ""),
                new Parting("A: 1\r\r\n\r\n", List.of("A: 1\r"), emptyLine(), ""));
    }

    private static MessageHeader.Ending emptyLine() {
        return MessageHeader.Ending.EMPTY_LINE;
    }

    private static MessageHeader.Ending noField() {
        return MessageHeader.Ending.NO_FIELD;
    }

    @ParameterizedTest
    @MethodSource("partings")
    void headerAndBodyArePartedHoweverTheOctetsCome(Parting wanted) throws IOException {
        for (int piece = 1; piece <= wanted.message().length() + 1; piece++) {
            MessageReader reader = MessageReader.read(pieces(wanted.message(), piece), MOST);
            assertThat(reader.header().fields()).extracting(HeaderField::text).isEqualTo(wanted.fields());
            assertThat(reader.header().ending()).isEqualTo(wanted.ending());
            assertThat(new String(reader.body().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(wanted.body());
        }
    }

    @Test
    void headerMayBeAsLongAsTheBoundAndNoLonger() throws IOException {
        String longest = "A: " + "x".repeat(MOST - 7) + "\r\n\r\n";
        assertThat(MessageReader.read(pieces(longest + "y".repeat(5 * MOST), 7), MOST)
                        .body()
                        .readAllBytes())
                .hasSize(5 * MOST);
        assertThatExceptionOfType(MessageReader.HeaderTooLongException.class)
                .isThrownBy(() -> MessageReader.read(pieces("x" + longest, 7), MOST));
        assertThatExceptionOfType(MessageReader.HeaderTooLongException.class)
                .isThrownBy(() -> MessageReader.read(pieces("A: " + "x".repeat(50 * MOST), 7), MOST));
    }

    @Test
    void fieldsAreFoundByNameInAnyCase() throws IOException {
        MessageHeader header = MessageReader.read(pieces("To: a\r\nTO : b\r\nToo: c\r\nT: d\r\n\r\n", 100), MOST)
                .header();
        assertThat(header.named("to")).extracting(HeaderField::body).containsExactly(" a", " b");
        assertThat(header.first("tO")).map(HeaderField::name).contains("To");
        assertThat(header.first("subject")).isEmpty();
    }

    @Test
    void unfoldingDropsLineEndsAndNothingElse() {
        HeaderField field = HeaderField.of("Subject: one\r\n\ttwo\r\n  three");
        assertThat(field.unfolded()).isEqualTo(" one\ttwo  three");
        assertThat(field.octets()).hasSize(field.text().length());
    }

    private static InputStream pieces(String message, int piece) {
        return new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, piece));
            }
        };
    }
}
