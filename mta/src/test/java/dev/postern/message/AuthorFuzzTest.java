package dev.postern.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Any octets as a From field, and as a message: the author is read or refused, what is said against it is plain
/// text, and an author who was read is read again from the mailboxes alone.
class AuthorFuzzTest {
    @FuzzTest
    void fromFields(byte[] octets) {
        HeaderField field = HeaderField.of("From:" + new String(octets, StandardCharsets.ISO_8859_1));
        check(Author.of(new MessageHeader(List.of(field), MessageHeader.Ending.EMPTY_LINE)));
    }

    @FuzzTest
    void messages(byte[] octets) throws IOException {
        MessageReader reader = MessageReader.read(new ByteArrayInputStream(octets), 1_000_000);
        check(Author.of(reader.header(), reader.body()));
    }

    private static void check(Author author) {
        switch (author) {
            case Author.Named named -> {
                for (AuthorMailbox mailbox : named.mailboxes()) {
                    String octets = new String(
                            mailbox.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                    HeaderField field = HeaderField.of("From: <" + octets + ">");
                    MessageHeader header = new MessageHeader(List.of(field), MessageHeader.Ending.END);
                    assertThat(Author.of(header)).isEqualTo(new Author.Named(List.of(mailbox)));
                }
            }
            case Author.Malformed malformed -> assertThat(malformed.why()).matches("[ -~]+");
            case Author.Absent absent -> assertThat(absent.why()).matches("[ -~]+");
        }
    }
}
