package dev.postern.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.smtp.NullPath;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What an alias leads away says so on top, and comes back to it no second time.
class ForwardLoopsTest {
    private static final String ANN = "ann@other.example";
    private static final String LOOP =
            "554 5.4.6 this address has forwarded the message before, it has come back: a loop";

    private LeavingMail mail = new LeavingMail();

    private IntakeResult take(String header, String from, String... to) throws IOException {
        return mail.takeContent(Arrival.Sender.STRANGER, header + "Subject: x\r\n\r\nbody\r\n", from, to);
    }

    @Test
    void everyAliasThatLeadsAwayIsToldOnACopyOfItsOwnAboveAllElse() throws IOException {
        take("", "", "away@ours.example", "other@ours.example", "inside@ours.example", "direct@relayed.example");
        assertThat(mail.ways())
                .containsExactly(
                        " -> carol@far.example [away@ours.example]",
                        " -> dave@far.example [other@ours.example]",
                        " -> ann@ours.example, direct@relayed.example");
        assertThat(mail.octets(mail.handedOver.getFirst()))
                .matches("(?s)Delivered-To: away@ours\\.example\r\nReceived: .*\r\nSubject: x\r\n\r\nbody\r\n");
    }

    @Test
    void whoGetsItThroughTwoAliasesGetsItOnce() throws IOException {
        take("", "", "away@ours.example", "both@ours.example");
        assertThat(mail.ways()).containsExactly(" -> carol@far.example [away@ours.example]", " -> ann@ours.example");
    }

    @Test
    void beyondFiftyAliasesTheyGoTogetherAndUntold() throws IOException {
        String aliases = IntStream.range(0, Expansion.MOST_APART + 10)
                .mapToObj(i -> "far" + i + ": far" + i + "@far.example\n")
                .reduce("", String::concat);
        mail = new LeavingMail(aliases);
        take(
                "",
                "",
                IntStream.range(0, Expansion.MOST_APART + 10)
                        .mapToObj(i -> "far" + i + "@ours.example")
                        .toArray(String[]::new));
        assertThat(mail.ways()).hasSize(Expansion.MOST_APART + 1);
        assertThat(mail.ways().getFirst()).isEqualTo(" -> far0@far.example [far0@ours.example]");
        assertThat(mail.ways().getLast())
                .startsWith(" -> far50@far.example, far51@far.example, ")
                .endsWith("far59@far.example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Delivered-To: away@ours.example\r\n",
                "delivered-to:AWAY@Ours.Example\r\n",
                "Delivered-To:\r\n\taway@ours.example\r\n",
                "Received: from a by b; now\r\nDelivered-To: x@y.example\r\nDelivered-To: away@ours.example  \r\n",
            })
    void messageThatComesBackToItsOnlyRecipientIsRefused(String header) throws IOException {
        for (String from : new String[] {ANN, ""}) {
            assertThat(take(header, from, "away@ours.example"))
                    .isInstanceOfSatisfying(
                            IntakeResult.Refused.class,
                            refused -> assertThat(refused.reply()).hasToString(LOOP));
            assertThat(mail.handedOver).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Delivered-To: other@ours.example | away@ours.example",
                "Delivered-To: away@ours.example.evil | away@ours.example",
                "Delivered-To: away@ours.example (again) | away@ours.example",
                "Delivered-To: (away@ours.example) | away@ours.example",
                "X-Delivered-To: away@ours.example | away@ours.example",
                "Delivered-To: inside@ours.example | inside@ours.example",
                "Delivered-To: ann@ours.example | ann@ours.example",
                "Delivered-To: away@ours.example | away+again@ours.example",
            })
    void everythingElseIsNoLoopAtTheDoor(String field, String to) throws IOException {
        assertThat(take(field + "\r\n", ANN, to)).isInstanceOf(IntakeResult.Taken.class);
    }

    /// Its own copy has been in that inbox, and the copy that was led away comes back.
    @Test
    void inboxThatAlsoSendsACopyAwayGetsTheMessageOnce() throws IOException {
        take("", ANN, "boss@ours.example");
        assertThat(mail.ways()).first().isEqualTo(ANN + " -> boss@ours.example");
        assertThat(mail.ways().getLast()).endsWith(" -> copy@far.example [boss@ours.example]");
        String back = mail.octets(mail.handedOver.getLast());
        assertThat(mail.takeContent(Arrival.Sender.STRANGER, back, ANN, "boss@ours.example"))
                .isInstanceOf(IntakeResult.Refused.class);
    }

    @Test
    void othersGetItAndItsSenderIsToldOfTheLoop() throws IOException {
        IntakeResult taken = take("Delivered-To: away@ours.example\r\n", ANN, "away@ours.example", "ann@ours.example");
        assertThat(mail.ways()).containsExactly(ANN + " -> ann@ours.example", " -> " + ANN);
        assertThat(mail.handedOver.getLast().reversePath()).isEqualTo(new NullPath());
        assertThat(mail.octets(mail.handedOver.getLast()))
                .contains(
                        "Final-Recipient: rfc822;away@ours.example\r\n",
                        "Action: failed\r\n",
                        "Status: 5.4.6\r\n",
                        "Subject: x\r\n")
                .doesNotContain("carol@far.example");
        assertThat(mail.decisions(taken)).containsExactly("loop failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | away@ours.example", "ann@other.example | !away@ours.example"})
    void nobodyIsToldWhereThereIsNobodyOrNobodyWantsTo(String from, String alias) throws IOException {
        IntakeResult taken = take("Delivered-To: away@ours.example\r\n", from, alias, "ann@ours.example");
        assertThat(mail.ways()).containsExactly(from + " -> ann@ours.example");
        assertThat(mail.decisions(taken)).containsExactly("loop failed");
    }

    @Test
    void reportOnALoopOfOurOwnMailGoesToTheUser() throws IOException {
        mail.takeContent(
                Arrival.Sender.OURS,
                "Delivered-To: away@ours.example\r\n\r\n",
                "boss@ours.example",
                "away@ours.example",
                "carol@far.example");
        assertThat(mail.ways()).first().asString().matches("prvs=\\w{10}=boss@ours.example -> carol@far.example");
        assertThat(mail.ways().getLast()).isEqualTo(" -> boss@ours.example, copy@far.example");
    }

    @Test
    void addressThatIsNotAsciiIsNotTold() throws IOException {
        take("", "", "josé@ours.example", "postmaster");
        assertThat(mail.ways()).containsExactly(" -> carol@far.example, boss@ours.example, copy@far.example");
    }
}
