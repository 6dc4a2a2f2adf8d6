package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.dsn.DsnComposer;
import dev.postern.dsn.DsnSettings;
import dev.postern.message.MailDate;
import dev.postern.route.Destination;
import dev.postern.smtp.DeliverBy;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.Handling;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Notify;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Priority;
import dev.postern.smtp.RcptParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.RecipientState;
import dev.postern.spool.Retention;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntakeTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T12:00:00Z"));
    private static final DomainName OURS = DomainName.of("example.org");
    private static final Mailbox SENDER = Mailbox.of("sender", DomainName.of("example.net"));
    private static final Origin FROM_MX = new Origin(
            "mx",
            Optional.of("192.0.2.7"),
            Optional.of("mail.example.net"),
            Optional.empty(),
            "ESMTPS",
            Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"));

    private final MemorySpool spool = new MemorySpool(CLOCK);
    private final List<SpooledMessage> handedOver = new ArrayList<>();
    private final Intake intake = intake(spool);

    private Intake intake(MemorySpool store) {
        return new Intake(
                IntakeSettings.of(DomainName.of("mx.example.org")),
                store,
                path -> switch (path.toString()) {
                    case "all@example.org" ->
                        new Destination.Alias(
                                "all", List.of(mailbox("a"), mailbox("b"), mailbox("a")), Optional.empty());
                    case "list@example.org" ->
                        new Destination.Alias(
                                "list", List.of(mailbox("a"), mailbox("c")), Optional.of(mailbox("owner")));
                    default -> new Destination.Inbox((Mailbox) path, Optional.empty());
                },
                CLOCK,
                (message, content) -> handedOver.add(message));
    }

    private static Mailbox mailbox(String local) {
        return Mailbox.of(local, OURS);
    }

    private IntakeResult take(Arrival.Treatment treatment, ReversePath from, String content, String... to)
            throws IOException {
        List<Recipient> recipients =
                java.util.Arrays.stream(to).map(t -> Recipient.of(mailbox(t))).toList();
        Envelope envelope = new Envelope(from, MailParameters.none(), recipients);
        try (Incoming incoming = intake.open(new Arrival(intake.nextId(), FROM_MX, envelope, treatment))) {
            byte[] octets = content.getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < octets.length; i += 3) {
                incoming.write(octets, i, Math.min(3, octets.length - i));
            }
            return incoming.complete(List.of());
        }
    }

    private IntakeResult take(String content, String... to) throws IOException {
        return take(Arrival.Treatment.none(), SENDER, content, to);
    }

    private SpooledMessage taken(IntakeResult result) throws IOException {
        return spool.find(((IntakeResult.Taken) result).id()).orElseThrow();
    }

    private String contentOf(SpooledMessage message) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theContentIsKeptOctetForOctetAndTheTraceFieldStandsApart() throws IOException {
        String content = "Subject: é\r\nReceived: from x\r\n\r\n.dot\r\n..\r\nend";

        SpooledMessage message = taken(take(content, "alice"));

        assertThat(contentOf(message)).isEqualTo(content);
        assertThat(message.trace())
                .isEqualTo("Received: from mail.example.net ([192.0.2.7])\r\n\tby mx.example.org with ESMTPS"
                        + " (TLSv1.3 TLS?AES?256?GCM?SHA384) id ".replace('?', '_') + message.id()
                        + "\r\n\tfor <alice@example.org>; Mon, 23 Nov 2026 12:00:00 +0000\r\n");
        assertThat(message.traits().eightBitHeader()).isTrue();
        assertThat(message.traits().octets()).isEqualTo(content.getBytes(StandardCharsets.UTF_8).length);
        assertThat(handedOver).containsExactly(message);
    }

    @Test
    void resultsThatClaimToBeOursAreTakenOut() throws IOException {
        String forged = "Authentication-Results: MX.Example.ORG (of course);\r\n\tdmarc=pass\r\n";
        String foreign = "Authentication-Results: mx.example.net; dmarc=pass header.from=example.com\r\n";
        String rest = "From: ceo@example.com\r\n\r\n" + forged;

        SpooledMessage message = taken(take(foreign + forged + rest, "alice"));

        assertThat(contentOf(message)).isEqualTo(foreign + rest);
        assertThat(message.traits().octets()).isEqualTo(foreign.length() + rest.length());
        assertThat(spool.decisions(message.id())).anySatisfy(decision -> {
            assertThat(decision.rule()).isEqualTo("forged-results");
            assertThat(decision.inputs().get("fields")).contains("MX.Example.ORG");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\nb | a line feed without carriage return",
                "a\\rb\\r\\n | a carriage return without line feed",
                "a\\0b\\r\\n | a NUL octet",
                "end\\r | a carriage return without line feed"
            })
    void whatIsNoMailLineIsRefusedAndNothingOfItStays(String content, String words) throws IOException {
        String unescaped =
                content.strip().replace("\\n", "\n").replace("\\r", "\r").replace("\\0", "\0");

        IntakeResult result = take(unescaped, "alice");

        assertThat(result).isInstanceOf(IntakeResult.Refused.class);
        assertThat(((IntakeResult.Refused) result).reply().toString())
                .startsWith("550 5.6.0")
                .contains(words);
        assertThat(spool.count()).isZero();
        assertThat(handedOver).isEmpty();
    }

    /// It would continue the field that we put above it, and so say things in our name.
    @ParameterizedTest
    @ValueSource(strings = {" ; dmarc=pass", "\t; dmarc=pass\r\nFrom: a@b.example", " \r\n\r\n"})
    void firstLineThatBeginsWithWhiteSpaceIsRefused(String content) throws IOException {
        IntakeResult result = take(content + "\r\n", "alice");

        assertThat(result)
                .isInstanceOfSatisfying(
                        IntakeResult.Refused.class,
                        refused -> assertThat(refused.reply().toString())
                                .startsWith("550 5.6.0")
                                .contains("begins with white space"));
        assertThat(spool.count()).isZero();
    }

    @Test
    void lineEndsOfASubmitterAreRepairedWhereThatIsAllowed() throws IOException {
        SpooledMessage message = taken(take(
                new Arrival.Treatment(true, true, Arrival.Sender.OURS),
                SENDER,
                "Subject: x\n\na\rb\r\nc\n\r\nd\r",
                "alice"));

        assertThat(contentOf(message)).isEqualTo("Subject: x\r\n\r\na\r\nb\r\nc\r\n\r\nd\r\n");
    }

    @Test
    void aSubmittersMissingDateAndMessageIdAreAdded() throws IOException {
        SpooledMessage bare = taken(
                take(new Arrival.Treatment(true, false, Arrival.Sender.OURS), SENDER, "Subject: x\r\n\r\n", "alice"));
        SpooledMessage full = taken(take(
                new Arrival.Treatment(true, false, Arrival.Sender.OURS),
                SENDER,
                "date: now\r\nMESSAGE-ID: <x@y>\r\n\r\n",
                "alice"));

        assertThat(bare.trace())
                .endsWith(
                        "Date: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + bare.id() + "@mx.example.org>\r\n");
        assertThat(full.trace()).doesNotContain("Date:").doesNotContain("Message-ID:");
    }

    @ParameterizedTest
    @CsvSource({"100, true", "101, false"})
    void moreThanAHundredReceivedFieldsAreALoop(int received, boolean accepted) throws IOException {
        IntakeResult result = take("Received: x\r\n".repeat(received) + "\r\n", "alice");

        assertThat(result instanceof IntakeResult.Taken).isEqualTo(accepted);
    }

    static Stream<Arguments> structures() {
        String nested = IntStream.range(0, 101)
                .mapToObj(i -> "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n")
                .collect(Collectors.joining());
        return Stream.of(
                Arguments.of("X: y\r\n".repeat(2000), "taken"),
                Arguments.of("X: y\r\n".repeat(2001), "554 5.6.0 the header has more than 2000 fields"),
                Arguments.of("X: " + "y".repeat((512 << 10) - 5) + "\r\n", "taken"),
                Arguments.of(
                        "X: " + "y".repeat((512 << 10) - 4) + "\r\n",
                        "552 5.3.4 the header has more than 524288 octets"),
                Arguments.of(nested.substring(nested.indexOf("--b0") + 6), "taken"),
                Arguments.of(nested, "554 5.6.0 parts lie more than 100 levels within each other"));
    }

    @ParameterizedTest
    @MethodSource("structures")
    void whatHasMoreStructureThanAnyHonestMessageIsRefused(String header, String expected) throws IOException {
        String outcome = switch (take(header + "\r\n", "alice")) {
            case IntakeResult.Taken _ -> "taken";
            case IntakeResult.Refused(Reply reply) -> reply.toString();
        };

        assertThat(outcome).isEqualTo(expected);
    }

    @Test
    void anAliasBecomesItsTargetsEachOnce() throws IOException {
        SpooledMessage message = taken(take("Subject: x\r\n\r\n", "all", "b", "d"));

        assertThat(message.recipients())
                .extracting(state -> state.recipient().path().toString())
                .containsExactly("a@example.org", "b@example.org", "d@example.org");
        assertThat(message.recipients().getFirst().originally()).contains("all@example.org");
        assertThat(message.recipients().getFirst().recipient().parameters().originalRecipient())
                .map(Object::toString)
                .contains("rfc822;all@example.org");
        assertThat(message.reversePath()).isEqualTo(SENDER);
    }

    @Test
    void aListsTargetsGetItsOwnerAsReversePathInAMessageOfTheirOwn() throws IOException {
        taken(take("Subject: x\r\n\r\nbody\r\n", "d", "list"));

        assertThat(handedOver)
                .extracting(m -> m.reversePath() + " -> " + m.recipients().size())
                .containsExactly("sender@example.net -> 1", "owner@example.org -> 2");
        assertThat(contentOf(handedOver.get(1))).isEqualTo("Subject: x\r\n\r\nbody\r\n");
    }

    @Test
    void whoWantsToBeToldOfSuccessIsToldOfAnExpandedAliasByRfc3461Section527() throws IOException {
        RcptParameters wishes = new RcptParameters(
                Optional.of(new Notify(Set.of(Notify.Event.SUCCESS, Notify.Event.FAILURE))), Optional.empty());
        Envelope envelope = new Envelope(
                SENDER,
                MailParameters.none(),
                List.of(new Recipient(mailbox("all"), wishes), Recipient.of(mailbox("b"))));
        Intake telling = intake.telling(
                new DsnComposer(DsnSettings.of(DomainName.of("mx.example.org")), new SplittableRandom(1)));
        try (Incoming incoming =
                telling.open(new Arrival(intake.nextId(), FROM_MX, envelope, Arrival.Treatment.none()))) {
            incoming.write("Subject: x\r\n\r\n".getBytes(StandardCharsets.UTF_8), 0, 14);
            incoming.complete(List.of());
        }

        assertThat(handedOver).hasSize(2);
        assertThat(handedOver
                        .getFirst()
                        .recipients()
                        .getFirst()
                        .recipient()
                        .parameters()
                        .notifyOn())
                .contains(new Notify(Set.of(Notify.Event.FAILURE)));
        assertThat(handedOver.get(1).reversePath()).isEqualTo(new NullPath());
        assertThat(handedOver.get(1).recipients().getFirst().recipient().path()).isEqualTo(SENDER);
        assertThat(contentOf(handedOver.get(1)))
                .contains("Final-Recipient: rfc822;all@example.org")
                .contains("Action: expanded")
                .contains("Status: 2.1.5")
                .doesNotContain("a@example.org");
    }

    @Test
    void aReportToAListKeepsItsNullReversePathByRfc5321Section455() throws IOException {
        taken(take(Arrival.Treatment.none(), new NullPath(), "Subject: x\r\n\r\n", "list"));

        assertThat(handedOver).extracting(SpooledMessage::reversePath).containsExactly(new NullPath());
    }

    @Test
    void aFullSpoolKeepsNothing() {
        MemorySpool small = new MemorySpool(CLOCK, Retention.byDefault(), 10);
        Envelope envelope = new Envelope(SENDER, MailParameters.none(), List.of(Recipient.of(mailbox("alice"))));

        assertThatThrownBy(() -> {
                    try (Incoming incoming = intake(small)
                            .open(new Arrival(small.nextId(), FROM_MX, envelope, Arrival.Treatment.none()))) {
                        incoming.write("more than ten octets".getBytes(StandardCharsets.UTF_8), 0, 20);
                        incoming.complete(List.of());
                    }
                })
                .isInstanceOf(SpoolException.Full.class);
        assertThat(small.count()).isZero();
        assertThat(handedOver).isEmpty();
    }

    @Test
    void whatAPeerSaidCannotMeanAnythingInATraceField() {
        Origin hostile = new Origin(
                "mx",
                Optional.of("192.0.2.7"),
                Optional.of("evil) by trusted.example\r\nX-Forged: yes"),
                Optional.empty(),
                "ESMTP",
                Optional.empty());
        Envelope envelope = new Envelope(
                SENDER, MailParameters.none(), List.of(Recipient.of(mailbox("a")), Recipient.of(mailbox("b"))));

        String field = TraceFields.received(
                DomainName.of("mx.example.org"), spool.nextId(), hostile, envelope, CLOCK.instant());

        assertThat(field.split("\r\n(?![\t ])")).hasSize(1);
        assertThat(field)
                .startsWith(
                        "Received: from evil??by?trusted.example??X-Forged:?yes ([192.0.2.7])\r\n\tby mx.example.org")
                .doesNotContain("for <")
                .matches("(?s).*;\r\n\tMon, 23 Nov 2026 12:00:00 \\+0000\r\n");
    }

    private SpooledMessage handled(Handling handling, String... to) throws IOException {
        List<Recipient> recipients =
                java.util.Arrays.stream(to).map(t -> Recipient.of(mailbox(t))).toList();
        Envelope envelope = new Envelope(SENDER, MailParameters.none().withHandling(handling), recipients);
        try (Incoming incoming =
                intake.open(new Arrival(intake.nextId(), FROM_MX, envelope, Arrival.Treatment.none()))) {
            return taken(incoming.complete(List.of()));
        }
    }

    @Test
    void whatIsToLeaveLaterIsDueThenForAllThatAnAliasLeadsItTo() throws IOException {
        Instant now = CLOCK.instant();
        SpooledMessage message = handled(
                new Handling(false, Optional.empty(), Optional.of(new FutureRelease.HoldFor(3600)), Optional.empty()),
                "all",
                "alice");

        assertThat(message.arrived()).isEqualTo(now);
        assertThat(message.released()).isEqualTo(now.plusSeconds(3600));
        assertThat(message.due()).contains(now.plusSeconds(3600));
        assertThat(message.recipients())
                .hasSize(3)
                .allSatisfy(one -> assertThat(one.status())
                        .isEqualTo(
                                new RecipientState.Status.Pending(0, now.plusSeconds(3600), Optional.empty(), false)));
        assertThat(message.trace()).endsWith(MailDate.format(now) + "\r\n");
    }

    @Test
    void theTraceFieldTellsThePriorityThatTheMessageWasGiven() throws IOException {
        Handling urgent = Handling.usual().withPriority(Optional.of(new Priority(-4)));

        assertThat(handled(urgent, "alice").trace()).contains("for <alice@example.org> PRIORITY -4; ");
        assertThat(handled(urgent, "alice", "bob").trace()).containsPattern(" id \\w+ PRIORITY -4;\r\n\t\\w");
        assertThat(handled(Handling.usual(), "alice").trace()).doesNotContain("PRIORITY");
    }

    @Test
    void aReportHasThePriorityOfWhatItIsAbout() throws IOException {
        Handling reported = new Handling(
                false,
                Optional.of(new DeliverBy(60, DeliverBy.Mode.RETURN, true)),
                Optional.of(new FutureRelease.HoldFor(60)),
                Optional.of(new Priority(7)));
        try (Prepared report = intake.report(mailbox("alice"), new byte[0], reported.ofReport())) {
            assertThat(report.message().parameters().handling())
                    .isEqualTo(Handling.usual().withPriority(Optional.of(new Priority(7))));
        }
    }
}
