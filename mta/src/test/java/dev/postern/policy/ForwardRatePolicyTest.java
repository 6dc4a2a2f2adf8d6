package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import dev.postern.forward.OnwardCopies;
import dev.postern.message.Stamps;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.spool.Content;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForwardRatePolicyTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final Mailbox FAR = Mailbox.of("carol", DomainName.of("far.example"));
    private static final Mailbox BOSS = Mailbox.of("boss", OURS);
    private static final SessionFacts SESSION = SessionFacts.of(
            new QueueId(1), ListenerRole.MX, new Endpoint.Memory("server"), new Endpoint.Memory("client"));
    private static final MailFacts MAIL = new MailFacts(new NullPath(), MailParameters.none());

    /// The aliases `away` (also as `also`), `list` and `inside`; an inbox; the rest is elsewhere.
    private static final Directory DIRECTORY = path -> switch (path.toString()) {
        case "away@ours.example", "also@ours.example" -> alias("away", FAR);
        case "list@ours.example" -> alias("list", BOSS, FAR);
        case "inside@ours.example" -> alias("inside", BOSS);
        case "boss@ours.example" -> new Destination.Inbox(BOSS, Optional.empty());
        default -> new Destination.Remote(((Mailbox) path).host());
    };

    private final ManualClock clock = ManualClock.atNoon();
    private final ForwardCounts counts = new ForwardCounts(clock);

    private static Destination.Alias alias(String name, Mailbox... targets) {
        return new Destination.Alias(name, List.of(targets), Optional.empty());
    }

    private ForwardRatePolicy policy(int perAlias, int inAll) {
        return new ForwardRatePolicy(DIRECTORY, new ForwardLimits(perAlias, inAll), counts);
    }

    private static Verdict rcpt(Policy policy, String local) {
        return policy.rcpt(SESSION, MAIL, Recipient.of(Mailbox.of(local, OURS)));
    }

    private static void take(Policy policy, String... locals) {
        List<Recipient> recipients = Stream.of(locals)
                .map(local -> Recipient.of(Mailbox.of(local, OURS)))
                .toList();
        Envelope envelope = new Envelope(new NullPath(), MailParameters.none(), recipients);
        Verdict verdict = policy.content(
                SESSION,
                new ContentFacts(
                        new QueueId(2),
                        envelope,
                        Content.of(new byte[0]),
                        new Stamps(),
                        new OnwardCopies(),
                        new Findings()));
        assertThat(verdict).isEqualTo(Verdict.noOpinion());
    }

    private static void assertDeferred(Verdict verdict, String reply) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Defer.class, defer -> assertThat(defer.reply()).hasToString(reply));
    }

    @Test
    void aliasThatHasLedSoManyAwayWithinAnHourWaitsAndNobodyElseDoes() {
        Policy policy = policy(2, 0);
        take(policy, "away");
        assertThat(rcpt(policy, "away")).isEqualTo(Verdict.noOpinion());
        take(policy, "away", "list");

        String reply =
                "451 4.7.1 this address forwards no more than 2 messages an hour to other servers; try again later";
        assertDeferred(rcpt(policy, "away"), reply);
        assertDeferred(rcpt(policy, "also"), reply);
        for (String other : new String[] {"list", "inside", "boss"}) {
            assertThat(rcpt(policy, other)).as(other).isEqualTo(Verdict.noOpinion());
        }
        clock.advance(Duration.ofMinutes(61));
        assertThat(rcpt(policy, "away")).isEqualTo(Verdict.noOpinion());
    }

    @Test
    void aliasesTogetherHaveALimitToo() {
        Policy policy = policy(0, 2);
        take(policy, "away", "list");
        assertDeferred(
                rcpt(policy, "list"),
                "451 4.7.1 this server forwards no more than 2 messages an hour to other servers; try again later");
        assertThat(rcpt(policy, "inside")).isEqualTo(Verdict.noOpinion());
        assertThat(rcpt(policy, "boss")).isEqualTo(Verdict.noOpinion());
    }

    @Test
    void namingAnAliasTakesNothingOfItsHourAwayAndNamingItTwiceCountsOnce() {
        Policy policy = policy(2, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(rcpt(policy, "away")).isEqualTo(Verdict.noOpinion());
        }
        take(policy, "away", "also", "away");
        assertThat(counts.of("away")).isEqualTo(1);
    }

    @Test
    void whatStaysHereIsNotCounted() {
        take(policy(1, 1), "inside", "boss");
        assertThat(counts.inAll()).isZero();
    }

    @Test
    void noLimitIsNoLimit() {
        Policy policy = policy(0, 0);
        for (int i = 0; i < 1000; i++) {
            take(policy, "away");
        }
        assertThat(rcpt(policy, "away")).isEqualTo(Verdict.noOpinion());
    }

    @Test
    void otherLimitsFindWhatWasCountedBefore() {
        take(policy(500, 0), "away");
        assertThat(rcpt(policy(1, 0), "away")).isInstanceOf(Verdict.Defer.class);
    }

    @Test
    void limitsAreNotBelowZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ForwardLimits(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ForwardLimits(0, -1));
    }
}
