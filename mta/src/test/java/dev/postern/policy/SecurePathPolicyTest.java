package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.route.Route;
import dev.postern.route.Router;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecurePathPolicyTest {
    private static final MailFacts SECRET = new MailFacts(
            new NullPath(),
            MailParameters.none().withHandling(MailParameters.none().handling().requiringTls(true)));
    private static final MailFacts USUAL = new MailFacts(new NullPath(), MailParameters.none());

    private final ManualClock clock = ManualClock.atNoon();
    private final List<String> asked = new ArrayList<>();
    private final SecurePathPolicy policy = policy(this::find);

    private static Host.Domain domain(Mailbox mailbox) {
        return (Host.Domain) mailbox.host();
    }

    private SecurePathPolicy policy(SecurePath path) {
        Directory directory =
                recipient -> switch (domain((Mailbox) recipient).name().text()) {
                    case "ours.example" -> new Destination.Inbox((Mailbox) recipient, Optional.empty());
                    case "alias.example" ->
                        new Destination.Alias(
                                "x", List.of(Mailbox.parse("a@b.example").orElseThrow()), Optional.empty());
                    case "relayed.example" -> new Destination.Relayed(DomainName.of("relayed.example"));
                    default -> new Destination.Remote(domain((Mailbox) recipient));
                };
        Router router =
                (recipient, sender) -> domain((Mailbox) recipient).name().equals(DomainName.of("refused.example"))
                        ? new Route.Refused(EnhancedStatus.of("5.1.2"), "no")
                        : new Route.Mx(domain((Mailbox) recipient), 25, false, Optional.empty());
        return new SecurePathPolicy(session -> session.user().isPresent(), directory, router, path, clock);
    }

    private SecurePath.Finding find(Route route) {
        String lane = route.lane();
        asked.add(lane);
        if (lane.contains("closed")) {
            return new SecurePath.Finding.Closed(
                    EnhancedStatus.of("5.7.10"), "nothing proves it", Map.of("DANE", "none"));
        }
        return lane.contains("unknown")
                ? new SecurePath.Finding.Unknown(EnhancedStatus.of("4.7.5"), "DNS is down", Map.of())
                : new SecurePath.Finding.Open(Map.of());
    }

    private static SessionFacts session(int number, boolean user) {
        Endpoint here = new Endpoint.Inet(InetAddress.getLoopbackAddress(), 587);
        SessionFacts facts = SessionFacts.of(new QueueId(number), ListenerRole.SUBMISSION, here, here);
        return user ? facts.withUser("alice") : facts;
    }

    private static Recipient to(String address) {
        return Recipient.of(Mailbox.parse(address).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "a@open.example, accept, ''",
        "a@closed.example, reject, 550 5.7.10",
        "a@unknown.example, defer, 451 4.7.5",
        "a@relayed.example, accept, ''",
    })
    void whoDemandsTlsIsToldAtOnce(String recipient, String word, String reply) {
        Verdict verdict = policy.rcpt(session(1, true), SECRET, to(recipient));
        assertThat(verdict.word()).isEqualTo(word);
        assertThat(verdict.inputs()).containsKey("route");
        assertThat(verdict instanceof Verdict.Refusal refusal ? refusal.reply().toString() : "")
                .startsWith(reply);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"a@ours.example", "a@alias.example", "a@refused.example"})
    void whatDoesNotLeaveIsNotLookedAt(String recipient) {
        assertThat(policy.rcpt(session(1, true), SECRET, to(recipient))).isEqualTo(Verdict.noOpinion());
        assertThat(asked).isEmpty();
    }

    @Test
    void strangersAndMailThatDemandsNothingCostNothing() {
        assertThat(policy.rcpt(session(1, false), SECRET, to("a@closed.example")))
                .isEqualTo(Verdict.noOpinion());
        assertThat(policy.rcpt(session(1, true), USUAL, to("a@closed.example"))).isEqualTo(Verdict.noOpinion());
        assertThat(asked).isEmpty();
    }

    @Test
    void answersAreKeptForAWhileAndTroubleForAMoment() {
        for (int i = 0; i < 3; i++) {
            policy.rcpt(session(i, true), SECRET, to("a@closed.example"));
            policy.rcpt(session(i, true), SECRET, to("b@unknown.example"));
        }
        assertThat(asked).containsExactly("mx:closed.example", "mx:unknown.example");
        clock.advance(Duration.ofSeconds(10));
        policy.rcpt(session(1, true), SECRET, to("a@closed.example"));
        policy.rcpt(session(1, true), SECRET, to("a@unknown.example"));
        assertThat(asked).endsWith("mx:unknown.example").hasSize(3);
        clock.advance(Duration.ofMinutes(5));
        policy.rcpt(session(1, true), SECRET, to("a@closed.example"));
        assertThat(asked).endsWith("mx:closed.example").hasSize(4);
    }

    @Test
    void aSessionMayAskForSoManyAndTheOthersAreTakenUnseen() {
        for (int i = 0; i < SecurePathPolicy.PER_SESSION; i++) {
            assertThat(policy.rcpt(session(1, true), SECRET, to("a@closed" + i + ".example"))
                            .word())
                    .isEqualTo("reject");
        }
        Verdict unseen = policy.rcpt(session(1, true), SECRET, to("a@closed-too.example"));
        assertThat(unseen.word()).isEqualTo("accept");
        assertThat(unseen.why()).contains("no more is looked at for this session");
        assertThat(asked).hasSize(SecurePathPolicy.PER_SESSION);
        assertThat(policy.rcpt(session(1, true), SECRET, to("b@closed1.example"))
                        .word())
                .as("is known")
                .isEqualTo("reject");
        assertThat(policy.rcpt(session(2, true), SECRET, to("a@closed-too.example"))
                        .word())
                .isEqualTo("reject");
    }
}
