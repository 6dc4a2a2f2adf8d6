package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.batv.Signing;
import dev.postern.event.Decision;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who the senders of our own mail become, and where reports on it go.
class ReturnPathsTest {
    private final LeavingMail mail = new LeavingMail();

    private String signed() {
        return switch (mail.paths.sign(Mailbox.of("ann", LeavingMail.OURS))) {
            case Signing.Signed(Mailbox address) -> address.toString();
            case Signing.Kept kept -> throw new AssertionError(kept);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"carol@far.example", "carol@relayed.example", "carol@[192.0.2.9]"})
    void ourMailLeavesWithASignedReturnPath(String to) throws IOException {
        IntakeResult taken = mail.take(Arrival.Sender.OURS, "ann@ours.example", to);
        assertThat(mail.ways()).containsExactly(signed() + " -> " + to);
        assertThat(mail.record(taken)).singleElement().satisfies(decision -> {
            assertThat(decision.rule()).isEqualTo("batv");
            assertThat(decision.verdict()).isEqualTo("signed");
            assertThat(decision.why()).contains("<" + signed() + ">");
            assertThat(decision.inputs()).containsEntry("sender", "<ann@ours.example>");
        });
    }

    @Test
    void whatStaysHereKeepsThePlainOneInAMessageOfItsOwn() throws IOException {
        IntakeResult taken = mail.take(
                Arrival.Sender.OURS,
                "ann@ours.example",
                "ann@ours.example",
                "carol@far.example",
                "inside@ours.example",
                "dave@wide.example");
        assertThat(mail.ways())
                .containsExactly(
                        "ann@ours.example -> ann@ours.example", signed() + " -> carol@far.example, dave@wide.example");
        assertThat(mail.decisions(taken)).containsExactly("batv signed", "alias expanded", "copy made");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STRANGER | ann@ours.example | carol@relayed.example | ''",
                "STRANGER | ann@ours.example | away@ours.example | [away@ours.example]",
                "OURS | joe@other.example | carol@far.example | ''",
                "OURS | news@ours.example | carol@far.example | ''",
                "OURS | postmaster@ours.example | carol@far.example | ''",
                "OURS | prvs=0612abcdef=ann@ours.example | carol@far.example | ''",
                "OURS | '' | carol@far.example | ''",
            })
    void whatIsNotOursOrIsExemptStaysAsItIs(Arrival.Sender sender, String from, String to, String mark)
            throws IOException {
        mail.take(sender, from, to);
        String target = to.startsWith("away") ? "carol@far.example" : to;
        assertThat(mail.ways()).containsExactly(from + " -> " + target + (mark.isEmpty() ? "" : " " + mark));
    }

    @Test
    void whyASenderOfOursIsNotSignedIsToldOnce() throws IOException {
        IntakeResult taken =
                mail.take(Arrival.Sender.OURS, "news@ours.example", "carol@far.example", "dave@far.example");
        assertThat(mail.record(taken))
                .singleElement()
                .satisfies(decision -> assertThat(decision.why()).contains("lists the sender"));
        assertThat(mail.record(taken)).extracting(Decision::verdict).containsExactly("kept");
    }

    @Test
    void ourMailThatAnAliasLeadsAwayIsSignedAndAStrangersGetsAReturnAddress() throws IOException {
        mail.take(Arrival.Sender.OURS, "ann@ours.example", "both@ours.example");
        assertThat(mail.ways())
                .containsExactly(
                        "ann@ours.example -> ann@ours.example", signed() + " -> carol@far.example [both@ours.example]");
        mail.take(Arrival.Sender.STRANGER, "joe@other.example", "away@ours.example");
        assertThat(mail.ways())
                .singleElement()
                .asString()
                .matches("SRS0=\\w{6}=\\w\\w=other\\.example=joe@ours\\.example -> carol@far\\.example"
                        + " \\[away@ours\\.example]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@ours.example", "joe@other.example"})
    void listHasASignedOwnerWhereItLeavesWhoeverWrites(String from) throws IOException {
        mail.take(Arrival.Sender.STRANGER, from, "crew@ours.example");
        assertThat(mail.ways().getFirst()).isEqualTo("owner-crew@ours.example -> ann@ours.example");
        assertThat(mail.ways().getLast())
                .matches("prvs=\\w{10}=owner-crew@ours\\.example -> carol@far\\.example \\[crew@ours\\.example]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "robot@far.example"})
    void whatIsWrittenToASignedAddressGoesToThePlainOne(String from) throws IOException {
        IntakeResult taken = mail.take(Arrival.Sender.STRANGER, from, signed());
        assertThat(mail.ways()).containsExactly(from + " -> ann@ours.example");
        assertThat(mail.handedOver.getFirst().recipients().getFirst().originally())
                .hasValue(signed());
        assertThat(mail.decisions(taken)).containsExactly("batv returned");
    }

    @Test
    void ourOwnReportGoesToThePlainAddressAlsoWhenTheSignatureHasExpiredOrIsNoLongerOurs() throws IOException {
        String address = signed();
        assertReported(address);
        mail.clock.advance(Duration.ofDays(30));
        assertReported(address);
        assertReported("prvs=0612abcdef=ann@ours.example");
    }

    private void assertReported(String to) throws IOException {
        Mailbox address = Mailbox.parse(to).orElseThrow();
        byte[] content = "Subject: failed\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Prepared report = mail.intake.report(address, content)) {
            assertThat(report.message().reversePath()).isEqualTo(new NullPath());
            assertThat(report.message().recipients())
                    .extracting(state -> state.recipient().path().toString())
                    .containsExactly("ann@ours.example");
        }
    }

    @Test
    void ourOwnReportOnASignedMessageOfAnotherServerGoesThereAsItIs() throws IOException {
        Mailbox address = Mailbox.parse("prvs=0612abcdef=ann@far.example").orElseThrow();
        try (Prepared report = mail.intake.report(address, new byte[0])) {
            assertThat(report.message().recipients())
                    .extracting(state -> state.recipient().path().toString())
                    .containsExactly(address.toString());
        }
    }

    @Test
    void ourOwnReportToAnAliasIsOneMessageForAllItsTargets() throws IOException {
        try (Prepared report = mail.intake.report(Mailbox.of("both", LeavingMail.OURS), new byte[0])) {
            assertThat(report.message().recipients())
                    .extracting(state -> state.recipient().path().toString())
                    .containsExactly("ann@ours.example", "carol@far.example");
        }
    }
}
