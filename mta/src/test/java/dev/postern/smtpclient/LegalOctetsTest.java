package dev.postern.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.Dialect;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whatever is in the spool, what stands on the wire is legal SMTP: random contents, as they may have come by any door,
/// sent to a server that reads by the letter.
class LegalOctetsTest {
    private static final int MESSAGES = 400;
    private static final long SEED = 20_261_125;

    /// Ways to send a content.
    enum Manner {
        DATA(1 << 16, "8BITMIME"),
        DATA_PIPELINED(1 << 16, "8BITMIME PIPELINING"),
        DATA_OF_SEVEN_BITS(1 << 16, "PIPELINING"),
        LMTP(1 << 16, "8BITMIME PIPELINING LMTP"),
        SMALL_CHUNKS(1024, "8BITMIME CHUNKING"),
        SMALL_CHUNKS_PIPELINED(1024, "8BITMIME CHUNKING PIPELINING"),
        ONE_CHUNK(1 << 20, "8BITMIME CHUNKING PIPELINING");

        private final int chunk;
        private final String capabilities;

        Manner(int chunk, String capabilities) {
            this.chunk = chunk;
            this.capabilities = capabilities;
        }

        private boolean isByData() {
            return !capabilities.contains("CHUNKING");
        }

        private SmtpClient client(StrictServer server) {
            SessionPlan plan = this == LMTP
                    ? new SessionPlan(Dialect.Protocol.LMTP, new TlsChoice.None(), Optional.empty())
                    : Post.clear();
            return Post.client(new MemoryConnector(_ -> server::serve), Post.patient(chunk), plan);
        }
    }

    /// Pieces of content that somebody may trip over.
    private static final List<String> PIECES = List.of(
            "a",
            "text",
            " ",
            "\t",
            "\r\n",
            "\r\n",
            "\r\n",
            ".",
            "..",
            "\r\n.",
            "\r\n..",
            "\r\n.\r\n",
            ".\r\n",
            "\r\nQUIT\r\n",
            "\r\n.\r\nMAIL FROM:<evil@example.com>\r\n",
            "\u00e9",
            "\u0085",
            "\u00ff",
            "\u000b",
            "\u007f",
            "x".repeat(998),
            "y".repeat(1500),
            "z".repeat(16_381),
            "\r\n\r\n");

    /// Pieces that may not be sent.
    private static final List<String> UNCLEAN =
            List.of("\r", "\n", "\0", "\n.\n", "\r.\r", "\r\r\n", "\n.\r\n", "\r\n.\n", "\r\n.\r");

    private static String content(Random random) {
        StringBuilder content = new StringBuilder();
        boolean clean = random.nextInt(3) > 0;
        for (int i = random.nextInt(40); i > 0; i--) {
            List<String> pieces = clean || random.nextInt(12) > 0 ? PIECES : UNCLEAN;
            content.append(pieces.get(random.nextInt(pieces.size())));
        }
        return content.toString();
    }

    private static boolean isClean(String content) {
        String bare = content.replace("\r\n", "");
        return bare.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static boolean isEightBit(String content) {
        return content.chars().anyMatch(c -> c > 127);
    }

    private static Transmission transmission(String content) {
        byte[] octets = content.getBytes(StandardCharsets.ISO_8859_1);
        int header = content.indexOf("\r\n\r\n");
        ContentTraits traits = new ContentTraits(
                octets.length,
                isEightBit(content),
                isEightBit(header < 0 ? content : content.substring(0, header)),
                Stream.of(content.split("\r\n", -1))
                        .mapToInt(String::length)
                        .max()
                        .orElseThrow());
        return new Transmission(
                Post.path("ann@example.org"),
                MailParameters.none(),
                List.of(Recipient.of(Post.mailbox("a@example.com")), Recipient.of(Post.mailbox("b@example.com"))),
                Post.TRACE,
                Content.of(octets),
                traits);
    }

    @ParameterizedTest
    @EnumSource
    void contentArrivesAsItIsOrNotAtAll(Manner manner) throws InterruptedException {
        Random random = new Random(SEED + manner.name().hashCode());
        for (int i = 0; i < MESSAGES; i++) {
            String content = content(random);
            StrictServer server = new StrictServer(List.of(manner.capabilities.split(" ", -1)));
            List<RecipientResult> results;
            try (SmtpClient client = manner.client(server)) {
                results = client.send(transmission(content));
            }
            String what = manner + " number " + i;
            String whole = Post.TRACE + content;
            if (isEightBit(content) && !manner.capabilities.contains("8BITMIME")) {
                assertThat(Post.words(results)).as(what).containsExactly("unfit 5.6.3", "unfit 5.6.3");
                assertThat(server.contents()).as(what).isEmpty();
            } else if (isClean(content)) {
                assertThat(Post.words(results)).as(what).containsExactly("taken 250", "taken 250");
                String arrived = manner.isByData() && !whole.endsWith("\r\n") ? whole + "\r\n" : whole;
                assertThat(server.contents()).as(what).containsExactly(arrived);
            } else {
                assertThat(Post.words(results)).as(what).containsExactly("unfit 5.6.0", "unfit 5.6.0");
                assertThat(server.contents()).as(what).isEmpty();
            }
            assertThat(server.violations()).as(what).isEmpty();
        }
    }
}
