package dev.postern.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dsn.RecipientReport.Remote;
import dev.postern.event.Unprintable;
import dev.postern.smtp.BodyType;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.RetMode;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.RecipientState;
import dev.postern.spool.SpooledMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DsnComposerTest {
    private static final DomainName HOSTNAME = DomainName.of("mx.postern.example");
    private static final Instant ARRIVED = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant NOW = Instant.parse("2026-06-01T16:30:00Z");
    private static final Remote PEER =
            new Remote("mx.example.net", "192.0.2.25:25", "550 5.1.1 <bob@example.net>: User unknown");
    private static final String MESSAGE = """
            Date: Mon, 1 Jun 2026 14:00:00 +0200
            From: Alice <alice@sender.example>
            To: bob@example.net
            Message-ID: <greeting.1@sender.example>
            Subject: Greetings

            Hello Bob,
            how are you?
            """;

    /// A report that is to come out octet for octet as a file has it.
    record Golden(String name, Report report) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> goldens() {
        MailParameters none = MailParameters.none();
        return Stream.of(
                new Golden(
                        "failed",
                        report(
                                message("alice", parameters(false, Optional.empty(), Optional.of("order 66")), MESSAGE),
                                MESSAGE,
                                Action.FAILED,
                                one(
                                        recipient(
                                                "bob", Optional.of(new OriginalRecipient("rfc822", "Bob@example.net"))),
                                        "5.1.1",
                                        "There is no such mailbox.",
                                        PEER))),
                new Golden(
                        "failed-header-asked",
                        report(
                                message(
                                        "alice",
                                        parameters(false, Optional.of(RetMode.HDRS), Optional.empty()),
                                        MESSAGE),
                                MESSAGE,
                                Action.FAILED,
                                one(recipient("bob", Optional.empty()), "5.2.2", "The mailbox is full.", PEER),
                                one(
                                        recipient("carol", Optional.empty()),
                                        "5.4.4",
                                        "The domain does not exist.",
                                        null))),
                new Golden(
                        "failed-behind-an-alias",
                        report(
                                message("alice", none, MESSAGE),
                                MESSAGE,
                                Action.FAILED,
                                one(
                                        new RecipientState(
                                                Recipient.of(Mailbox.of("secret", DomainName.of("elsewhere.example"))),
                                                Optional.of("info@example.net"),
                                                new RecipientState.Status.Done("")),
                                        "5.7.1",
                                        "The next hop refuses the message.",
                                        new Remote("mx.elsewhere.example", "", "554 5.7.1 no")))),
                new Golden(
                        "delayed",
                        report(
                                message("alice", none, MESSAGE),
                                MESSAGE,
                                Action.DELAYED,
                                new RecipientReport(
                                        recipient("bob", Optional.empty()),
                                        EnhancedStatus.of("4.4.1"),
                                        "No connection could be made.",
                                        Optional.empty(),
                                        Optional.of(NOW),
                                        Optional.of(Instant.parse("2026-06-06T12:00:00Z"))))),
                new Golden(
                        "delivered",
                        report(
                                message("alice", none, MESSAGE),
                                MESSAGE,
                                Action.DELIVERED,
                                one(recipient("bob", Optional.empty()), "2.0.0", "maildir", null))),
                new Golden(
                        "relayed",
                        report(
                                message("alice", none, MESSAGE),
                                MESSAGE,
                                Action.RELAYED,
                                one(
                                        recipient("bob", Optional.empty()),
                                        "2.0.0",
                                        "250 OK",
                                        new Remote("mx.example.net", "192.0.2.25:25", "250 OK")))),
                new Golden(
                        "too-late",
                        report(
                                message(
                                        "alice",
                                        handled(5400, DeliverBy.Mode.RETURN, new FutureRelease.HoldFor(3600)),
                                        MESSAGE),
                                MESSAGE,
                                Action.FAILED,
                                one(
                                        recipient("bob", Optional.empty()),
                                        "5.4.7",
                                        "It could not be delivered within the time that its sender had set. The last"
                                                + " problem was: 4.4.1 No connection could be made.",
                                        null))),
                new Golden(
                        "delayed-beyond-its-time",
                        report(
                                message(
                                        "alice",
                                        handled(
                                                5400,
                                                DeliverBy.Mode.NOTIFY,
                                                new FutureRelease.HoldUntil(Instant.parse("2026-06-01T13:00:00Z"))),
                                        MESSAGE),
                                MESSAGE,
                                Action.DELAYED,
                                new RecipientReport(
                                        recipient("bob", Optional.empty()),
                                        EnhancedStatus.of("4.4.7"),
                                        "It was not delivered within the time that its sender had set. The last problem"
                                                + " was: No connection could be made.",
                                        Optional.empty(),
                                        Optional.of(NOW),
                                        Optional.of(Instant.parse("2026-06-06T13:00:00Z"))))),
                new Golden(
                        "relayed-in-time",
                        report(
                                message(
                                        "alice",
                                        none.withHandling(Handling.usual()
                                                .withDeliverBy(Optional.of(
                                                        new DeliverBy(36_000, DeliverBy.Mode.NOTIFY, true)))),
                                        MESSAGE),
                                MESSAGE,
                                Action.RELAYED,
                                one(
                                        recipient("bob", Optional.empty()),
                                        "2.0.0",
                                        "250 OK",
                                        new Remote("mx.example.net", "192.0.2.25:25", "250 OK")))),
                new Golden(
                        "international",
                        report(
                                message(
                                        "jörg",
                                        parameters(true, Optional.empty(), Optional.empty()),
                                        MESSAGE.replace("Greetings", "Grüße")),
                                MESSAGE.replace("Greetings", "Grüße"),
                                Action.FAILED,
                                one(
                                        recipient(
                                                "ümläut",
                                                Optional.of(new OriginalRecipient("utf-8", "ümläut@example.net"))),
                                        "5.1.1",
                                        "There is no such mailbox.",
                                        new Remote("mx.example.net", "192.0.2.25:25", "550 5.1.1 unbekannt: ümläut")))),
                new Golden(
                        "international-alias-of-an-ascii-sender",
                        report(
                                message("alice", none, MESSAGE.replace("Hello", "Grüß dich")),
                                MESSAGE.replace("Hello", "Grüß dich"),
                                Action.FAILED,
                                one(
                                        recipient("ümläut", Optional.empty()),
                                        "5.6.7",
                                        "The next hop does not take international addresses.",
                                        new Remote("mx.example.net", "192.0.2.25:25", "550 nö")))),
                new Golden(
                        "hostile",
                        report(
                                message(
                                        "alice",
                                        parameters(false, Optional.of(RetMode.HDRS), Optional.of("x; Evil: 1")),
                                        MESSAGE),
                                MESSAGE,
                                Action.FAILED,
                                one(
                                        recipient("bob", Optional.empty()),
                                        "5.0.0",
                                        "why\r\n\r\n--=_\u0000\u2028",
                                        new Remote(
                                                "mx\r\nEvil: 2",
                                                "",
                                                "550 \r\nBcc: all@example.net\r\n\r\n\u001b[31m" + "x".repeat(2500)
                                                        + " y".repeat(60))))));
    }

    /// To be delivered within seconds, after it has been held back.
    private static MailParameters handled(long seconds, DeliverBy.Mode mode, FutureRelease release) {
        return MailParameters.none()
                .withHandling(new Handling(
                        false,
                        Optional.of(new DeliverBy(seconds, mode, false)),
                        Optional.of(release),
                        Optional.empty()));
    }

    private static MailParameters parameters(boolean international, Optional<RetMode> ret, Optional<String> id) {
        return new MailParameters(
                OptionalLong.empty(), BodyType.EIGHT_BIT_MIME, international, ret, id, Optional.empty());
    }

    private static SpooledMessage message(String sender, MailParameters parameters, String content) {
        int longest = content.lines().mapToInt(String::length).max().orElse(0);
        return new SpooledMessage(
                new QueueId(0x19f_1234_5678_0000L),
                ARRIVED,
                Origin.report(),
                Mailbox.of(sender, DomainName.of("sender.example")),
                parameters,
                "Received: from client.example by mx.postern.example;\r\n Mon, 1 Jun 2026 12:00:00 +0000\r\n",
                new ContentTraits(octets(content).length, false, false, longest),
                List.of(recipient("bob", Optional.empty())),
                false);
    }

    private static RecipientState recipient(String localPart, Optional<OriginalRecipient> original) {
        return RecipientState.fresh(
                new Recipient(
                        Mailbox.of(localPart, DomainName.of("example.net")),
                        new RcptParameters(Optional.empty(), original)),
                Optional.empty(),
                ARRIVED);
    }

    @Test
    void membersOfOneAliasOfWhichTheSameIsToldAreToldOfOnce() {
        Remote said = new Remote("mx.example.net", "192.0.2.25:25", "550 5.1.1 User unknown");
        Remote other = new Remote("mx.example.com", "192.0.2.26:25", "550 5.1.1 No such user");
        String report = new String(
                compose(report(
                        message("alice", parameters(false, Optional.empty(), Optional.empty()), "a: b\n\nc\n"),
                        "a: b\n\nc\n",
                        Action.FAILED,
                        one(member("one"), "5.1.1", "There is no such mailbox.", said),
                        one(member("two"), "5.1.1", "There is no such mailbox.", said),
                        one(member("three"), "5.1.1", "There is no such mailbox.", other),
                        one(recipient("bob", Optional.empty()), "5.1.1", "There is no such mailbox.", said))),
                StandardCharsets.UTF_8);
        assertThat(report.lines().filter(line -> line.startsWith("Final-Recipient:")))
                .containsExactly(
                        "Final-Recipient: rfc822;all@example.org",
                        "Final-Recipient: rfc822;all@example.org",
                        "Final-Recipient: rfc822;bob@example.net");
        assertThat(report).contains("these 3 recipients").doesNotContain("two@");
    }

    private static RecipientState member(String localPart) {
        RecipientState plain = recipient(localPart, Optional.empty());
        return new RecipientState(plain.recipient(), Optional.of("all@example.org"), plain.status());
    }

    private static RecipientReport one(RecipientState recipient, String status, String why, Remote remote) {
        return new RecipientReport(
                recipient,
                EnhancedStatus.of(status),
                why,
                Optional.ofNullable(remote),
                Optional.of(NOW),
                Optional.empty());
    }

    private static Report report(SpooledMessage message, String content, Action action, RecipientReport... all) {
        return new Report(message, Optional.of(Content.of(octets(content))), action, List.of(all), NOW);
    }

    private static byte[] octets(String content) {
        return content.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] compose(Report report) {
        return new DsnComposer(DsnSettings.of(HOSTNAME), new Random(7)).compose(report);
    }

    private static String text(Report report) {
        return new String(compose(report), StandardCharsets.UTF_8);
    }

    private static Multipart parsed(byte[] report) throws IOException {
        DefaultMessageBuilder builder = new DefaultMessageBuilder();
        builder.setMimeEntityConfig(MimeConfig.STRICT);
        Message message = builder.parseMessage(new ByteArrayInputStream(report));
        assertThat(message.getMimeType()).isEqualTo("multipart/report");
        return (Multipart) message.getBody();
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void comesOutOctetForOctet(Golden golden) throws IOException {
        byte[] expected;
        try (InputStream in = Objects.requireNonNull(
                DsnComposerTest.class.getResourceAsStream(golden.name() + ".eml"), golden.name())) {
            expected = in.readAllBytes();
        }
        assertThat(new String(compose(golden.report()), StandardCharsets.UTF_8))
                .isEqualTo(new String(expected, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void isReadByAnotherParserAsAReportOfThreeParts(Golden golden) throws IOException {
        byte[] report = compose(golden.report());

        List<Entity> parts = parsed(report).getBodyParts();

        assertThat(parts).hasSize(3);
        assertThat(parts.get(0).getMimeType()).isEqualTo("text/plain");
        assertThat(parts.get(1).getMimeType()).matches("message/(global-)?delivery-status");
        assertThat(parts.get(2).getMimeType()).matches("message/(rfc822|global|global-headers)|text/rfc822-headers");
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void hasOnlyCleanLinesOfLawfulLength(Golden golden) {
        byte[] report = compose(golden.report());
        boolean eightBit = false;
        int line = 0;
        for (int i = 0; i < report.length; i++) {
            eightBit |= report[i] < 0;
            if (report[i] == '\n') {
                assertThat(report[i - 1]).isEqualTo((byte) '\r');
                assertThat(line - 1).isLessThanOrEqualTo(998);
                line = 0;
            } else {
                assertThat(report[i]).as("octet %d", i).isNotEqualTo((byte) 0);
                line++;
            }
        }
        assertThat(line).as("octets after the last line end").isZero();
        assertThat(new String(report, StandardCharsets.UTF_8).split("\r\n\r\n", 2)[0])
                .satisfies(header -> assertThat(header.chars()
                                .allMatch(c -> c < 128 || golden.name().equals("international")))
                        .isTrue());
        assertThat(text(golden.report()).contains("Content-Transfer-Encoding: 8bit"))
                .isEqualTo(eightBit);
    }

    @Test
    void nothingThatAPeerSaysBecomesAFieldOrAPart() {
        Golden hostile = goldens()
                .filter(one -> one.name().equals("hostile"))
                .findFirst()
                .orElseThrow();
        assertThat(text(hostile.report()).lines())
                .noneMatch(line -> line.startsWith("Evil") || line.startsWith("Bcc") || line.equals("--=_"));
    }

    /// In a report that may hold UTF-8 too, what ends a line for somebody or turns the direction of writing is not
    /// there.
    @ParameterizedTest
    @ValueSource(
            strings = {"\r\n", "\u0085", "\u2028", "\u2029", "\u202e", "\u2066", "\u200b", "\ufeff", "\u001b", "\u009b"
            })
    void internationalReportHoldsNothingThatNoEyeSees(String odd) {
        String text = "josé" + odd + "Evil: 1";
        Optional<OriginalRecipient> original =
                odd.charAt(0) > '\u200a' && odd.charAt(0) != '\u2028' && odd.charAt(0) != '\u2029'
                        ? Optional.of(new OriginalRecipient("utf-8", text + "@example.net"))
                        : Optional.empty();
        String written = text(report(
                message("alice", parameters(true, Optional.of(RetMode.HDRS), Optional.empty()), MESSAGE),
                MESSAGE,
                Action.FAILED,
                one(
                        recipient("bob", original),
                        "5.0.0",
                        text,
                        new Remote("mx" + odd + "Evil: 2", odd, "550 " + text))));
        assertThat(written).contains("josé");
        assertThat(written.lines()).noneMatch(Unprintable::anyIn).noneMatch(line -> line.startsWith("Evil"));
    }

    @Test
    void aMessageThatIsTooBigComesBackAsItsHeaderOnly() {
        String big = MESSAGE + "x\n".repeat(40_000);
        assertThat(text(report(
                        message("alice", MailParameters.none(), big),
                        big,
                        Action.FAILED,
                        one(recipient("bob", Optional.empty()), "5.1.1", "no", null))))
                .contains("Content-Type: text/rfc822-headers", "Subject: Greetings")
                .doesNotContain("how are you?");
        assertThat(text(report(
                        message("alice", parameters(false, Optional.of(RetMode.FULL), Optional.empty()), big),
                        big,
                        Action.FAILED,
                        one(recipient("bob", Optional.empty()), "5.1.1", "no", null))))
                .contains("Content-Type: message/rfc822", "how are you?");
    }

    @Test
    void whatMustTravelUnderTlsComesBackAsItsHeaderOnlyWhateverWasAskedFor() {
        for (boolean required : new boolean[] {false, true}) {
            MailParameters asked = parameters(false, Optional.of(RetMode.FULL), Optional.empty())
                    .withHandling(Handling.usual().requiringTls(required));
            String text = text(report(
                    message("alice", asked, MESSAGE),
                    MESSAGE,
                    Action.FAILED,
                    one(recipient("bob", Optional.empty()), "5.7.30", "no", null)));
            assertThat(text.contains("how are you?")).isEqualTo(!required);
            assertThat(text)
                    .contains("Status: 5.7.30", "Subject: Greetings")
                    .containsPattern("was to travel over proven\\s+encryption");
        }
    }

    @Test
    void whatIsNoLinesComesBackAsItsHeaderOnly() {
        SpooledMessage message = message("alice", MailParameters.none(), MESSAGE);
        SpooledMessage binary = new SpooledMessage(
                message.id(),
                message.arrived(),
                message.origin(),
                message.reversePath(),
                message.parameters(),
                message.trace(),
                new ContentTraits(octets(MESSAGE).length, true, false, true, 30),
                message.recipients(),
                false);
        assertThat(text(report(
                        binary, MESSAGE, Action.FAILED, one(recipient("bob", Optional.empty()), "5.6.3", "no", null))))
                .contains("Content-Type: text/rfc822-headers", "Subject: Greetings")
                .doesNotContain("how are you?");
    }

    @Test
    void aMessageWithTooLongALineComesBackAsItsHeaderOnlyAndItsHeaderLinesAreBroken() {
        String wide = "Subject: " + "w".repeat(3000) + "\n" + MESSAGE;
        String text = text(report(
                message("alice", MailParameters.none(), wide),
                wide,
                Action.FAILED,
                one(recipient("bob", Optional.empty()), "5.1.1", "no", null)));
        assertThat(text).contains("Content-Type: text/rfc822-headers").doesNotContain("how are you?");
        assertThat(text.lines().mapToInt(String::length).max().orElseThrow()).isEqualTo(998);
    }

    @Test
    void aMessageThatCannotBeReadIsReportedWithWhatIsKnown() {
        Content broken = new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("the disk of the test");
            }
        };
        for (Optional<Content> content : List.of(Optional.of(broken), Optional.<Content>empty())) {
            String text = text(new Report(
                    message("alice", MailParameters.none(), MESSAGE),
                    content,
                    Action.FAILED,
                    List.of(one(recipient("bob", Optional.empty()), "5.1.1", "no", null)),
                    NOW));
            assertThat(text).contains("Final-Recipient: rfc822;bob@example.net", "Received: from client.example");
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void anyBodyIsReturnedWhole(String body) throws IOException {
        String content = MESSAGE + body;
        byte[] report = compose(report(
                message("alice", MailParameters.none(), content),
                content,
                Action.FAILED,
                one(recipient("bob", Optional.empty()), "5.1.1", "no", null)));
        assertThat(parsed(report).getBodyParts()).hasSize(3);
        assertThat(new String(report, StandardCharsets.UTF_8)).contains(content.replace("\n", "\r\n"));
    }

    static Stream<String> bodies() {
        return Stream.of("", "no line end", "--=_\n", "--=_abc--\n", "\n\n\n", "grüße\n", "From \n.\n..\n");
    }

    @Test
    void boundariesDifferFromReportToReport() {
        Report report = report(
                message("alice", MailParameters.none(), MESSAGE),
                MESSAGE,
                Action.FAILED,
                one(recipient("bob", Optional.empty()), "5.1.1", "no", null));
        DsnComposer composer = new DsnComposer(DsnSettings.of(HOSTNAME), new Random(7));
        assertThat(composer.compose(report)).isNotEqualTo(composer.compose(report));
    }
}
