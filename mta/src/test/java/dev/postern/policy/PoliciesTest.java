package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DomainName;
import dev.postern.event.Decision;
import dev.postern.route.Destination;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.Reply;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoliciesTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final RelayPolicy CLOSED =
            new RelayPolicy(NetworkSet.none(), path -> new Destination.Remote(((Mailbox) path).host()));
    private static final SessionFacts SESSION = SessionFacts.of(
            new QueueId(1), ListenerRole.MX, new Endpoint.Memory("server"), new Endpoint.Memory("client"));
    private static final MailFacts MAIL = new MailFacts(new NullPath(), MailParameters.none());
    private static final Recipient ELSEWHERE = Recipient.of(Mailbox.of("victim", DomainName.of("example.net")));

    private final List<Decision> record = new ArrayList<>();

    private static Policies policies(Policy... others) {
        return new Policies(CLOSED, List.of(others), InstantSource.fixed(NOW));
    }

    private static Policy saying(Verdict verdict) {
        return new Policy() {
            @Override
            public Verdict connect(SessionFacts session) {
                return verdict;
            }

            @Override
            public Verdict rcpt(SessionFacts session, MailFacts mail, Recipient recipient) {
                return verdict;
            }
        };
    }

    private static Verdict accept(String rule) {
        return new Verdict.Accept(rule, "because", Map.of());
    }

    private static Verdict reject(String rule) {
        return new Verdict.Reject(rule, "because", Map.of(), Reply.of(554, "5.7.1", "no"));
    }

    @Test
    void withoutAnyOtherPolicyTheRelayIsClosed() {
        assertThat(policies().rcpt(SESSION, MAIL, ELSEWHERE, record::add)).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void noOtherPolicyOpensTheRelay() {
        assertThat(policies(saying(accept("generous"))).rcpt(SESSION, MAIL, ELSEWHERE, record::add))
                .isInstanceOf(Verdict.Reject.class);
        assertThat(record).extracting(Decision::rule).containsExactly("relay");
    }

    @Test
    void firstRefusalWinsAndEndsTheAsking() {
        Verdict verdict = policies(saying(accept("one")), saying(reject("two")), saying(reject("three")))
                .connect(SESSION, record::add);
        assertThat(verdict.rule()).isEqualTo("two");
        assertThat(record)
                .extracting(Decision::stage, Decision::rule, Decision::verdict)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("connect", "one", "accept"),
                        org.assertj.core.groups.Tuple.tuple("connect", "two", "reject"));
        assertThat(record).extracting(Decision::at).containsOnly(NOW);
    }

    @Test
    void whoHasNoOpinionLeavesNoRecord() {
        assertThat(policies(new Policy() {}).connect(SESSION, record::add).isOpinion())
                .isFalse();
        assertThat(record).isEmpty();
    }

    @Test
    void strongestPermissionCounts() {
        Verdict quarantine = new Verdict.Quarantine("odd", "because", Map.of());
        Verdict discard = new Verdict.Discard("sink", "because", Map.of());
        assertThat(policies(saying(accept("one")), saying(quarantine), saying(accept("two")))
                        .connect(SESSION, record::add))
                .isEqualTo(quarantine);
        assertThat(policies(saying(discard), saying(quarantine)).connect(SESSION, record::add))
                .isEqualTo(discard);
    }

    @Test
    void refusalCarriesAReplyOfItsOwnKind() {
        Reply temporary = Reply.of(450, "4.7.1", "later");
        Reply permanent = Reply.of(550, "5.7.1", "no");
        assertThatThrownBy(() -> new Verdict.Reject("r", "w", Map.of(), temporary))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Verdict.Defer("r", "w", Map.of(), permanent))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tlsForgetsWhatWasSaidInTheClear() {
        SessionFacts greeted = SESSION.withGreeting(new SessionFacts.Greeting("client.example", true))
                .withUser("alice");
        SessionFacts secured =
                greeted.secured(new dev.postern.wire.TlsState("TLSv1.3", "TLS_AES_256_GCM_SHA384", null));
        assertThat(secured.helo()).isEmpty();
        assertThat(secured.user()).isEmpty();
        assertThat(secured.session()).isEqualTo(greeted.session());
        assertThat(secured.tls().map(dev.postern.wire.TlsState::protocol)).isEqualTo(Optional.of("TLSv1.3"));
    }
}
