package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.Reply;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookupsTest {
    private static final DomainName OURS = DomainName.of("example.org");

    private static ForwardPath address(String local) {
        return Mailbox.of(local, OURS);
    }

    /// Local parts mean what they say.
    private static final Directory DIRECTORY = path -> {
        String local = path instanceof Mailbox mailbox ? mailbox.localPart().value() : "postmaster";
        Mailbox plain = Mailbox.of("plain", OURS);
        Destination.Inbox inbox = new Destination.Inbox(plain, Optional.empty());
        return switch (local) {
            case "inbox", "postmaster", "plain" -> inbox;
            case "many" ->
                new Destination.Alias(
                        "many",
                        IntStream.range(0, Lookups.MOST_MEMBERS + 5)
                                .mapToObj(i -> address("plain"))
                                .toList(),
                        Optional.empty());
            case "mixed" -> new Destination.Alias("mixed", List.of(address("|x"), address("plain")), Optional.empty());
            case "program" -> new Destination.Alias("program", List.of(address("|x")), Optional.empty());
            case "abroad" -> new Destination.Alias("abroad", List.of(address("josé")), Optional.empty());
            case "josé" -> new Destination.Inbox(Mailbox.of("josé", OURS), Optional.empty());
            case "relayed" -> new Destination.Relayed(OURS);
            case "returned" -> new Destination.Returned(plain, inbox);
            case "signed" -> new Destination.Signed(plain, inbox);
            case "forged" -> new Destination.Unreturnable("srs", EnhancedStatus.of("5.7.1"), "forged");
            case "later" -> new Destination.Unknown(EnhancedStatus.of("4.1.1"), "ask later");
            default -> new Destination.Unknown(EnhancedStatus.of("5.1.1"), "nobody");
        };
    };

    private final Lookups lookups = new Lookups(DIRECTORY, Optional.of(OURS));

    private static String text(Reply reply) {
        return reply.code() + " " + reply.status().orElseThrow() + " " + String.join("; ", reply.text());
    }

    @ParameterizedTest
    @CsvSource({
        "inbox, 250 2.1.5 <plain@example.org>",
        "<inbox@example.org>, 250 2.1.5 <plain@example.org>",
        "Postmaster, 250 2.1.5 <plain@example.org>",
        "mixed, 250 2.1.5 <mixed@example.org>",
        "signed, 250 2.1.5 <signed@example.org>",
        "returned, 252 2.0.0 addresses are not verified here; send the mail and see",
        "relayed, 252 2.0.0 addresses are not verified here; send the mail and see",
        "josé, '252 2.6.8 the answer is beyond ASCII, in which replies are'",
        "forged, 550 5.7.1 forged",
        "later, 450 4.1.1 ask later",
        "stranger, 550 5.1.1 nobody",
        "a b@c@d, 550 5.1.1 nobody has this address here",
        "<>, 550 5.1.1 nobody has this address here",
    })
    void mailboxIsVerified(String question, String reply) {
        assertThat(text(lookups.verify(question))).isEqualTo(reply);
    }

    @ParameterizedTest
    @CsvSource({
        "mixed, 250 2.1.5 <plain@example.org>",
        "program, 252 2.0.0 addresses are not verified here; send the mail and see",
        "abroad, '252 2.6.8 the answer is beyond ASCII, in which replies are'",
        "inbox, 550 5.1.1 no list has this name here",
        "stranger, 550 5.1.1 no list has this name here",
    })
    void listIsExpandedWithoutItsPrograms(String question, String reply) {
        assertThat(text(lookups.expand(question))).isEqualTo(reply);
    }

    @Test
    void longListIsCut() {
        Reply reply = lookups.expand("many");
        assertThat(reply.text()).hasSize(Lookups.MOST_MEMBERS + 1).endsWith("and 5 more");
    }

    @Test
    void nameWithoutADomainMeansNothingWhereThereIsNone() {
        assertThat(text(new Lookups(DIRECTORY, Optional.empty()).verify("inbox")))
                .startsWith("550 5.1.1");
    }
}
