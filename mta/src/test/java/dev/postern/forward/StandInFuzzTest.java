package dev.postern.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.dns.DomainName;
import dev.postern.message.Author;
import dev.postern.message.AuthorMailbox;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Mailbox;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.srs.Rewriting;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whatever stands in a From field that names an author: the one who stands in is the only author of what goes on,
/// answers reach the authors and nobody else, and everything but the author is as it was.
class StandInFuzzTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final SenderRewriting ADDRESSES = new SenderRewriting(
            new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
            SrsSecrets.of("a secret of the fuzz test"),
            InstantSource.fixed(Instant.EPOCH));
    private static final String REST = "Subject: hello\r\nTo: a@ours.example\r\n\r\nHello.\r\n";

    @FuzzTest
    void fromFields(byte[] octets) throws IOException {
        String field = "From:" + new String(octets, StandardCharsets.ISO_8859_1);
        byte[] original = (field + "\r\n" + REST).getBytes(StandardCharsets.ISO_8859_1);
        MessageReader message = MessageReader.read(new ByteArrayInputStream(original), 1 << 20);
        boolean plain =
                message.header().fields().size() == 3 && message.header().ending() == MessageHeader.Ending.EMPTY_LINE;
        if (!plain || !(Author.of(message.header()) instanceof Author.Named named)) {
            return;
        }
        List<Mailbox> authors = StandIn.reachable(named);
        if (authors.isEmpty()
                || !(ADDRESSES.forward(authors.getFirst()) instanceof Rewriting.Rewritten(Mailbox address, String _))) {
            return;
        }
        HeaderField from = message.header().fields().getFirst();
        Optional<StandIn> standIn = StandIn.of(from, authors, address, OURS);
        if (standIn.isEmpty()) {
            assertThat(address.localPart().value()).contains("=?");
            return;
        }
        StandIn author = standIn.get();

        MessageHeader rewritten = header(new RewrittenAuthor(author), original);
        assertThat(rewritten.fields()).hasSize(5);
        assertThat(rewritten.fields().get(2).body().strip())
                .isEqualTo(from.body().strip());
        assertThat(rewritten.fields().subList(3, 5))
                .isEqualTo(message.header().fields().subList(1, 3));
        check(rewritten, author);
        check(
                header(
                        new WrappedMessage(
                                author, new WrappedMessage.Cover(Instant.EPOCH, "x", OURS, Optional.empty())),
                        original),
                author);
    }

    private static MessageHeader header(CopyForm form, byte[] original) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        form.write(Content.of(original), new ContentTraits(original.length, true, true, 998), copy::write);
        return MessageReader.read(new ByteArrayInputStream(copy.toByteArray()), CopyForm.LONGEST_COPY_HEADER)
                .header();
    }

    private static void check(MessageHeader header, StandIn author) {
        assertThat(Author.of(header))
                .isEqualTo(new Author.Named(
                        List.of(new AuthorMailbox(author.address().localPart().toString(), OURS))));
        assertThat(header.first("From").orElseThrow().text()).doesNotContain("\r\n\r\n");
        HeaderField replies = header.first("Reply-To").orElseThrow();
        MessageHeader asFrom =
                new MessageHeader(List.of(HeaderField.of("From:" + replies.body())), MessageHeader.Ending.END);
        assertThat(Author.of(asFrom))
                .isInstanceOfSatisfying(
                        Author.Named.class,
                        named -> assertThat(StandIn.reachable(named)).isEqualTo(author.authors()));
    }
}
