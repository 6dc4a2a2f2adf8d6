package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Recipient;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.SpooledMessage;
import dev.postern.wire.ContentScanner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Content that was declared BINARYMIME at the door (RFC 3030 §3).
class BinaryIntakeTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final DomainName OURS = DomainName.of("example.org");

    private final MemorySpool spool = new MemorySpool(CLOCK);
    private final Intake intake = new Intake(
            IntakeSettings.of(DomainName.of("mx.example.org")),
            spool,
            path -> switch (path.toString()) {
                case "all@example.org" ->
                    new Destination.Alias(
                            "all",
                            List.of(Mailbox.of("a", OURS), Mailbox.of("b", DomainName.of("example.com"))),
                            Optional.of(Mailbox.of("owner", OURS)));
                default -> new Destination.Inbox((Mailbox) path, Optional.empty());
            },
            CLOCK,
            (message, content) -> {});

    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private IntakeResult take(BodyType body, String content, int piece, String to) throws IOException {
        MailParameters parameters = MailParameters.none()
                .withBody(body)
                .withHandling(Handling.usual().requiringTls(true));
        Envelope envelope = new Envelope(
                Mailbox.of("sender", DomainName.of("example.net")),
                parameters,
                List.of(Recipient.of(Mailbox.of(to, OURS))));
        try (Incoming incoming =
                intake.open(new Arrival(intake.nextId(), Origin.report(), envelope, Arrival.Treatment.none()))) {
            byte[] octets = octets(content);
            for (int i = 0; i < octets.length; i += piece) {
                incoming.write(octets, i, Math.min(piece, octets.length - i));
            }
            return incoming.complete(List.of());
        }
    }

    private String contentOf(SpooledMessage message) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a: b\\r\\n\\r\\nlines\\r\\n, false",
        "a: b\\r\\n\\r\\n, false",
        "a: b\\r\\n, false",
        "a: b\\r\\n\\r\\nno line end, true",
        "a: b\\r\\n\\r\\nbare\\rcr\\r\\n, true",
        "a: b\\r\\n\\r\\nbare\\nlf\\r\\n, true",
        "a: b\\r\\n\\r\\nnul\\0\\r\\n, true",
        "a: b\\r\\n\\r\\n\\r, true",
        "\\r\\n\\n, true",
    })
    void whatLinesCouldNotCarryIsKnownAndKeptOctetForOctet(String escaped, boolean binary) throws IOException {
        String content = unescaped(escaped);
        for (int piece = 1; piece <= content.length(); piece++) {
            IntakeResult result = take(BodyType.BINARY_MIME, content, piece, "a");
            SpooledMessage message =
                    spool.find(((IntakeResult.Taken) result).id()).orElseThrow();
            assertThat(contentOf(message)).isEqualTo(content);
            assertThat(message.traits().binary()).isEqualTo(binary);
            assertThat(message.parameters().body()).isEqualTo(BodyType.BINARY_MIME);
        }
    }

    @Test
    void aLineBeyond998OctetsNeedsItToo() throws IOException {
        for (int length : new int[] {998, 999}) {
            String content = "a: b\r\n\r\n" + "x".repeat(length) + "\r\n";
            IntakeResult declared = take(BodyType.BINARY_MIME, content, 100, "a");
            assertThat(spool.find(((IntakeResult.Taken) declared).id())
                            .orElseThrow()
                            .traits()
                            .binary())
                    .isEqualTo(length > 998);
            IntakeResult undeclared = take(BodyType.EIGHT_BIT_MIME, content, 100, "a");
            assertThat(spool.find(((IntakeResult.Taken) undeclared).id())
                            .orElseThrow()
                            .traits()
                            .binary())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a: b\\nc: d\\r\\n\\r\\n, a line feed without carriage return",
        "a: b\\rc\\r\\n\\r\\n, a carriage return without line feed",
        "a: b\\0\\r\\n\\r\\n, a NUL octet",
        "a: b\\n\\nbody, a line feed without carriage return",
        "no header at all\\n, a line feed without carriage return",
        "a: b\\r\\n\\r, a carriage return without line feed",
    })
    void theHeaderIsLinesAllTheSame(String escaped, String words) throws IOException {
        String content = unescaped(escaped);
        for (int piece = 1; piece <= content.length(); piece++) {
            assertThat(take(BodyType.BINARY_MIME, content, piece, "a"))
                    .isInstanceOfSatisfying(
                            IntakeResult.Refused.class,
                            refused -> assertThat(refused.reply().toString())
                                    .startsWith("550 5.6.0 the header holds " + words));
        }
        assertThat(spool.count()).isZero();
    }

    @Test
    void everyCopyThatAnAliasMakesIsTheSameAndTravelsTheSame() throws IOException {
        String content = "a: b\r\n\r\n\0\r\n";
        take(BodyType.BINARY_MIME, content, 5, "all");
        List<SpooledMessage> copies = spool.list(Optional.empty(), 10);
        assertThat(copies.stream().mapToInt(copy -> copy.recipients().size()).sum())
                .isEqualTo(2);
        for (SpooledMessage copy : copies) {
            assertThat(contentOf(copy)).isEqualTo(content);
            assertThat(copy.traits().binary()).isTrue();
            assertThat(copy.parameters().handling().requireTls()).isTrue();
        }
    }

    @Test
    void headerLinesAreThoseUpToTheFirstEmptyLine() {
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(30); j > 0; j--) {
                text.append("\r\n\0a".charAt(random.nextInt(4)));
                if (random.nextBoolean()) {
                    text.append("\r\n");
                }
            }
            String content = text.toString();
            int empty = ("\r\n" + content).indexOf("\r\n\r\n");
            ContentScanner expected = new ContentScanner();
            expected.scan(octets(content), 0, empty < 0 ? content.length() : empty + 2);
            HeaderLines lines = new HeaderLines();
            int piece = 1 + random.nextInt(8);
            for (int at = 0; at < content.length(); at += piece) {
                lines.scan(octets(content), at, Math.min(piece, content.length() - at));
            }
            assertThat(lines.result()).isEqualTo(expected.result());
        }
    }
}
