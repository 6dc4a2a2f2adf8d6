package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.forward.Onward;
import dev.postern.forward.RewrittenAuthor;
import dev.postern.forward.StandIn;
import dev.postern.forward.WrappedMessage;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageStamp;
import dev.postern.route.Destination;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.QueueId;
import dev.postern.spool.Retention;
import dev.postern.spool.SpoolException;
import dev.postern.spool.SpooledMessage;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What becomes of the copies that aliases of `ours.example` lead to `far.example`, and of the others.
class OnwardTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final Mailbox ANN = mailbox("ann@other.example");
    private static final String MESSAGE = "From: Ann <ann@other.example>\r\nSubject: x\r\n\r\nHello.\r\n";
    private static final StandIn AUTHOR = StandIn.of(
                    HeaderField.of("From: Ann <ann@other.example>"), List.of(ANN), mailbox("x@ours.example"), OURS)
            .orElseThrow();

    private static final Onward.Changed REWRITTEN = new Onward.Changed(
            new RewrittenAuthor(AUTHOR), "Results: here\r\n", List.of(stamp("First"), stamp("Second")));

    private final MemorySpool spool = new MemorySpool(CLOCK);
    private final List<SpooledMessage> stored = new ArrayList<>();

    private static Mailbox mailbox(String text) {
        return Mailbox.parse(text).orElseThrow();
    }

    /// A stamp that tells how many fields it has seen, and how many octets of body.
    private static MessageStamp stamp(String name) {
        return header -> new MessageStamp.Stamping() {
            private int octets;

            @Override
            public void body(byte[] piece, int offset, int length) {
                octets += length;
            }

            @Override
            public String finish(Instant now) {
                return name + ": " + header.fields().size() + " " + octets + " " + now + "\r\n";
            }
        };
    }

    private static Destination meaning(Mailbox path) {
        return switch (path.toString()) {
            case "away@ours.example" ->
                new Destination.Alias("away", List.of(mailbox("joe@far.example")), Optional.empty());
            case "list@ours.example" ->
                new Destination.Alias(
                        "list",
                        List.of(mailbox("boss@ours.example"), mailbox("joe@far.example")),
                        Optional.of(mailbox("owner@ours.example")));
            case "both@ours.example" ->
                new Destination.Alias(
                        "both", List.of(mailbox("boss@ours.example"), mailbox("joe@far.example")), Optional.empty());
            default ->
                path.host().equals(new Host.Domain(OURS))
                        ? new Destination.Inbox(path, Optional.empty())
                        : new Destination.Remote(path.host());
        };
    }

    private Intake intake(MemorySpool store, boolean srs) {
        SenderRewriting rewriting = new SenderRewriting(
                new SrsSettings(OURS, Set.of(OURS), SrsSettings.USUAL_DAYS),
                SrsSecrets.of("a secret of the test"),
                CLOCK);
        return new Intake(
                        IntakeSettings.of(DomainName.of("mx.ours.example")),
                        store,
                        path -> meaning((Mailbox) path),
                        CLOCK,
                        (message, content) -> stored.add(message))
                .rewriting(() -> srs ? Optional.of(rewriting) : Optional.empty());
    }

    private QueueId take(Intake intake, ReversePath from, String message, Onward onward, String... to)
            throws IOException {
        Envelope envelope = new Envelope(
                from,
                MailParameters.none(),
                Arrays.stream(to)
                        .map(one -> Recipient.of(mailbox(one + "@ours.example")))
                        .toList());
        Arrival arrival = new Arrival(intake.nextId(), Origin.report(), envelope, Arrival.Treatment.none());
        try (Incoming incoming = intake.open(arrival)) {
            byte[] octets = message.getBytes(StandardCharsets.UTF_8);
            incoming.write(octets, 0, octets.length);
            incoming.end();
            incoming.stamps().add("For-All: yes\r\n");
            incoming.onward().become(onward);
            incoming.complete(List.of(new Decision(CLOCK.instant(), "content", "test", "accept", "why", Map.of())));
        }
        return arrival.id();
    }

    private String contentOf(SpooledMessage message) throws IOException {
        try (InputStream in = spool.content(message.id()).open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String told(SpooledMessage message) {
        return message.reversePath().toString().replaceAll("SRS0=.{9}", "SRS0") + " -> "
                + message.recipients().stream()
                        .map(one -> one.recipient().path().toString())
                        .toList()
                + (message.held() ? " held" : "");
    }

    @Test
    void onlyTheCopiesThatLeadAwayAreChanged() throws IOException {
        QueueId id = take(intake(spool, true), ANN, MESSAGE, REWRITTEN, "both", "away");

        assertThat(stored)
                .extracting(OnwardTest::told)
                .containsExactly(
                        "ann@other.example -> [boss@ours.example]",
                        "SRS0=other.example=ann@ours.example -> [joe@far.example]");
        SpooledMessage home = stored.getFirst();
        assertThat(home.id()).isEqualTo(id);
        assertThat(contentOf(home)).isEqualTo(MESSAGE);
        assertThat(home.trace()).contains("For-All: yes").doesNotContain("Results:", "First:");
        SpooledMessage away = stored.get(1);
        assertThat(contentOf(away))
                .startsWith("From: \"Ann via ours.example\" <x@ours.example>\r\n")
                .endsWith("\r\nSubject: x\r\n\r\nHello.\r\n");
        assertThat(away.traits().octets()).isEqualTo(contentOf(away).length());
        assertThat(away.trace())
                .as("each stamp sees the fields of those before it")
                .endsWith(
                        "\r\nSecond: 6 8 2026-11-24T12:00:00Z\r\nFirst: 5 8 2026-11-24T12:00:00Z\r\nResults: here\r\n")
                .startsWith("Delivered-To: both@ours.example\r\nReceived: ")
                .doesNotContain("For-All");
    }

    @Test
    void copiesAreChangedAlsoWhereTheyHaveTheSameReversePath() throws IOException {
        take(intake(spool, false), ANN, MESSAGE, REWRITTEN, "both");
        take(intake(spool, true), new NullPath(), MESSAGE, REWRITTEN, "both");
        take(intake(spool, true), ANN, MESSAGE, REWRITTEN, "list");

        assertThat(stored)
                .extracting(OnwardTest::told)
                .containsExactly(
                        "ann@other.example -> [boss@ours.example]",
                        "ann@other.example -> [joe@far.example]",
                        " -> [boss@ours.example]",
                        " -> [joe@far.example]",
                        "owner@ours.example -> [boss@ours.example]",
                        "owner@ours.example -> [joe@far.example]");
        for (int i = 0; i < stored.size(); i++) {
            assertThat(contentOf(stored.get(i)).contains("via ours.example")).isEqualTo(i % 2 == 1);
        }
    }

    @Test
    void whereNothingIsChangedEverybodyGetsTheSameOctets() throws IOException {
        take(intake(spool, false), ANN, MESSAGE, new Onward.AsReceived(), "both");

        assertThat(stored)
                .extracting(OnwardTest::told)
                .containsExactly("ann@other.example -> [boss@ours.example]", "ann@other.example -> [joe@far.example]");
        for (SpooledMessage message : stored) {
            assertThat(contentOf(message)).isEqualTo(MESSAGE);
        }
    }

    @Test
    void whereEverybodyIsLedAwayTheIdThatWasToldLeadsToTheOnesOfTheCopies() throws IOException {
        QueueId id = take(intake(spool, true), ANN, MESSAGE, REWRITTEN, "away");

        assertThat(stored).hasSize(1);
        QueueId copy = stored.getFirst().id();
        assertThat(copy).isNotEqualTo(id);
        assertThat(spool.find(id)).isEmpty();
        assertThat(spool.count()).isEqualTo(1);
        assertThat(spool.decisions(id)).isEqualTo(spool.decisions(copy)).anySatisfy(decision -> {
            assertThat(decision.rule()).isEqualTo("copy");
            assertThat(decision.why()).contains(copy.toString());
        });
    }

    @Test
    void heldCopiesWaitForTheOperatorAndTheOthersDoNot() throws IOException {
        QueueId id = take(intake(spool, true), ANN, MESSAGE, new Onward.Held(), "away", "boss");

        assertThat(stored)
                .extracting(OnwardTest::told)
                .containsExactlyInAnyOrder(
                        "ann@other.example -> [boss@ours.example]",
                        "SRS0=other.example=ann@ours.example -> [joe@far.example] held");
        for (SpooledMessage one : stored) {
            assertThat(contentOf(one)).isEqualTo(MESSAGE);
        }
        assertThat(spool.decisions(id)).extracting(Decision::rule).contains("test", "copy");
    }

    @Test
    void wrappedCopyHoldsAContentOfAnyLengthAndTellsOfItsOctets() throws IOException {
        String large = MESSAGE + ("é" + "x".repeat(70) + "\r\n").repeat(20_000);
        WrappedMessage form =
                new WrappedMessage(AUTHOR, new WrappedMessage.Cover(CLOCK.instant(), "1", OURS, Optional.empty()));

        take(intake(spool, true), ANN, large, new Onward.Changed(form, "", List.of(stamp("First"))), "away");

        SpooledMessage copy = stored.getFirst();
        assertThat(contentOf(copy))
                .contains("\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
                .endsWith(large);
        assertThat(copy.traits().eightBit()).isTrue();
        assertThat(copy.traits().eightBitHeader()).isFalse();
        assertThat(copy.trace()).contains(" " + large.getBytes(StandardCharsets.UTF_8).length + " 2026");
    }

    @Test
    void whereThereIsNoRoomForACopyNothingIsThere() {
        MemorySpool small = new MemorySpool(CLOCK, Retention.byDefault(), MESSAGE.length() + 20);

        assertThatThrownBy(() -> take(intake(small, true), ANN, MESSAGE, REWRITTEN, "both"))
                .isInstanceOf(SpoolException.Full.class);
        assertThat(small.count()).isZero();
        assertThat(stored).isEmpty();
    }
}
