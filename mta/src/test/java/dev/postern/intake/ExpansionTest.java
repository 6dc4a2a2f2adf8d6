package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.route.AddressSettings;
import dev.postern.route.AddressTable;
import dev.postern.route.Aliases;
import dev.postern.route.DomainPattern;
import dev.postern.route.OwnDomain;
import dev.postern.route.RelayDomain;
import dev.postern.route.ReturnAddresses;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import dev.postern.spool.MemorySpool;
import dev.postern.spool.Origin;
import dev.postern.spool.SpooledMessage;
import dev.postern.srs.SenderRewriting;
import dev.postern.srs.SrsSecrets;
import dev.postern.srs.SrsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Mail that aliases of `ours.example` and `second.example` lead elsewhere: who its sender becomes.
class ExpansionTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final DomainName SECOND = DomainName.of("second.example");
    private static final String RETURN = "SRS0=[A-Z2-7]{6}=D5=other.example=ann@ours\\.example";
    private static final String ALIASES = """
            away: carol@far.example
            both: boss, carol@far.example
            many: carol@far.example, dave@far.example, eve@wide.example
            inside: boss@second.example
            behind: carol@relayed.example
            crew: boss, carol@far.example
            owner-crew: boss
            back@ours.example: ann@other.example
            """;

    private final ManualClock clock = ManualClock.atNoon();
    private final MemorySpool spool = new MemorySpool(clock);
    private final SenderRewriting rewriting = new SenderRewriting(
            new SrsSettings(OURS, Set.of(OURS, SECOND), SrsSettings.USUAL_DAYS),
            SrsSecrets.of("a secret of the test"),
            clock);
    private final List<SpooledMessage> handedOver = new ArrayList<>();
    private final Intake without = new Intake(
            IntakeSettings.of(DomainName.of("mx.ours.example")),
            spool,
            new ReturnAddresses(table(), rewriting),
            clock,
            (message, content) -> handedOver.add(message));
    private final Intake intake = without.rewriting(() -> Optional.of(rewriting));

    private static AddressTable table() {
        if (!(Aliases.parse(ALIASES, false) instanceof Aliases.Good(Aliases aliases))) {
            throw new AssertionError("the aliases of this test are wrong");
        }
        AddressSettings settings = new AddressSettings(
                List.of(
                        OwnDomain.of(OURS, "maildir", ExpansionTest::exists),
                        OwnDomain.of(SECOND, "maildir", ExpansionTest::exists)),
                List.of(new RelayDomain(DomainPattern.parse("relayed.example").orElseThrow(), Optional.empty())),
                aliases,
                Optional.of(Mailbox.of("boss", OURS)),
                Set.of(),
                "+");
        return switch (AddressTable.of(settings)) {
            case AddressTable.Good(AddressTable table) -> table;
            case AddressTable.Bad bad -> throw new AssertionError(bad);
        };
    }

    private static boolean exists(Mailbox inbox) {
        return inbox.localPart().value().equals("boss");
    }

    private static ForwardPath path(String text) {
        return ForwardPath.parse(text).orElseThrow();
    }

    private List<Decision> take(Intake door, String from, String... to) throws IOException {
        ReversePath sender = ReversePath.parse(from).orElseThrow();
        List<Recipient> recipients =
                Arrays.stream(to).map(text -> Recipient.of(path(text))).toList();
        Envelope envelope = new Envelope(sender, MailParameters.none(), recipients);
        Origin origin = new Origin(
                "mx", Optional.of("192.0.2.7"), Optional.empty(), Optional.empty(), "ESMTP", Optional.empty());
        byte[] octets = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Incoming incoming = door.open(new Arrival(door.nextId(), origin, envelope, Arrival.Treatment.none()))) {
            incoming.write(octets, 0, octets.length);
            IntakeResult.Taken taken = (IntakeResult.Taken) incoming.complete(List.of());
            return spool.decisions(taken.id());
        }
    }

    /// What went on: `from -> to, to` each.
    private List<String> ways() {
        return handedOver.stream()
                .map(message -> message.reversePath() + " -> "
                        + String.join(
                                ", ",
                                message.recipients().stream()
                                        .map(state -> state.recipient().path().toString())
                                        .toList()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "away@ours.example | carol@far.example",
                "away@second.example | carol@far.example",
                "many@ours.example | carol@far.example, dave@far.example, eve@wide.example",
                "behind@ours.example | carol@relayed.example",
            })
    void whatIsForwardedComesFromAReturnAddress(String alias, String targets) throws IOException {
        List<Decision> decisions = take(intake, "ann@other.example", alias);

        assertThat(ways()).singleElement().asString().matches(RETURN + " -> " + targets);
        assertThat(decisions).anySatisfy(decision -> {
            assertThat(decision.rule()).isEqualTo("srs");
            assertThat(decision.verdict()).isEqualTo("rewritten");
            assertThat(decision.why())
                    .contains("in a domain that is not ours")
                    .contains(handedOver.getFirst().reversePath().toString());
            assertThat(decision.inputs()).containsExactly(Map.entry("sender", "<ann@other.example>"));
        });
    }

    @Test
    void whatStaysHereKeepsItsSenderInAMessageOfItsOwn() throws IOException {
        List<Decision> decisions = take(intake, "ann@other.example", "both@ours.example", "boss@second.example");

        assertThat(ways()).hasSize(2);
        assertThat(ways().getFirst()).isEqualTo("ann@other.example -> boss@ours.example, boss@second.example");
        assertThat(ways().getLast()).matches(RETURN + " -> carol@far.example");
        assertThat(decisions).extracting(Decision::rule).containsExactly("srs", "alias", "copy");
        assertThat(decisions.getLast().why()).contains(handedOver.getLast().id().toString());
        assertThat(spool.decisions(handedOver.getLast().id())).isEqualTo(decisions);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ann@other.example | inside@ours.example | boss@second.example",
                "ann@other.example | boss@ours.example | boss@ours.example",
                "ann@other.example | carol@relayed.example | carol@relayed.example",
                "ann@other.example | carol@far.example | carol@far.example",
                "'' | away@ours.example | carol@far.example",
            })
    void whatIsNotForwardedOrComesFromNobodyIsNotEvenAsked(String from, String to, String target) throws IOException {
        List<Decision> decisions = take(intake, from, to);
        assertThat(ways()).containsExactly(from + " -> " + target);
        assertThat(decisions).extracting(Decision::rule).doesNotContain("srs");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "boss@ours.example",
                "boss@second.example",
                "ann@[192.0.2.9]",
                "bounces-and-a-long-number-0123456789@mail.of-a-sender.example",
            })
    void senderThatStaysAsItIsIsExplained(String from) throws IOException {
        List<Decision> decisions = take(intake, from, "both@ours.example");
        assertThat(ways()).containsExactly(from + " -> boss@ours.example", from + " -> carol@far.example");
        assertThat(decisions)
                .anyMatch(decision ->
                        decision.rule().equals("srs") && decision.verdict().equals("kept"));
    }

    @Test
    void listHasItsOwnerAndNeedsNoReturnAddress() throws IOException {
        take(intake, "ann@other.example", "crew@ours.example");
        assertThat(ways())
                .containsExactly(
                        "owner-crew@ours.example -> boss@ours.example", "owner-crew@ours.example -> carol@far.example");
    }

    @Test
    void nothingIsRewrittenUnlessItIsSwitchedOn() throws IOException {
        take(without, "ann@other.example", "away@ours.example");
        assertThat(ways()).containsExactly("ann@other.example -> carol@far.example");
    }

    @Test
    void bounceGoesBackToTheSender() throws IOException {
        take(intake, "ann@other.example", "away@ours.example");
        String address = handedOver.getFirst().reversePath().toString();
        handedOver.clear();

        List<Decision> decisions = take(intake, "", address);

        assertThat(ways()).containsExactly(" -> ann@other.example");
        assertThat(handedOver.getFirst().reversePath()).isEqualTo(new NullPath());
        assertThat(handedOver.getFirst().recipients().getFirst().originally()).hasValue(address);
        assertThat(decisions).singleElement().satisfies(decision -> {
            assertThat(decision.rule()).isEqualTo("srs");
            assertThat(decision.verdict()).isEqualTo("returned");
            assertThat(decision.why()).contains("<ann@other.example>");
        });
    }

    @Test
    void ourOwnReportOnForwardedMailGoesStraightToTheSender() throws IOException {
        take(intake, "ann@other.example", "away@ours.example");
        Mailbox address = (Mailbox) handedOver.getFirst().reversePath();

        try (Prepared report = intake.report(address, "Subject: failed\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            assertThat(report.message().recipients())
                    .extracting(state -> state.recipient().path().toString())
                    .containsExactly("ann@other.example");
        }
    }

    /// What the policy refuses at RCPT is not carried either when the answer has changed since.
    @Test
    void nothingButAReportIsCarriedThroughAReturnAddress() throws IOException {
        take(intake, "ann@other.example", "away@ours.example");
        String address = handedOver.getFirst().reversePath().toString();
        handedOver.clear();

        take(intake, "spam@other.example", address);
        clock.advance(Duration.ofDays(30));
        take(intake, "", address);

        assertThat(ways()).containsExactly("spam@other.example -> " + address, " -> " + address);
    }

    @Test
    void senderThatBecameAnAliasOfOursIsFollowed() throws IOException {
        SenderRewriting before = new SenderRewriting(
                new SrsSettings(SECOND, Set.of(SECOND), SrsSettings.USUAL_DAYS),
                SrsSecrets.of("a secret of the test"),
                clock);
        String address = before.forward(Mailbox.of("back", OURS))
                .toString()
                .replaceFirst(".*(SRS0=[^,\\]]*@second.example).*", "$1");

        take(intake, "", address);

        assertThat(ways()).containsExactly(" -> ann@other.example");
    }
}
