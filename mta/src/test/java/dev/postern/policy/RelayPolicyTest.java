package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.LocalPart;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Postmaster;
import dev.postern.smtp.Recipient;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RelayPolicyTest {

    private static final DomainName OURS = DomainName.of("example.org");
    private static final DomainName RELAYED = DomainName.of("inside.example.org");
    private static final Mailbox ALICE = Mailbox.of("alice", OURS);
    private static final Mailbox ELSEWHERE = Mailbox.of("victim", DomainName.of("example.net"));
    private static final MailFacts NULL_SENDER = new MailFacts(new NullPath(), MailParameters.none());

    /// Alice's inbox, a list that leads elsewhere, a relayed domain, a full inbox, return addresses; nobody else.
    private static final Directory DIRECTORY = path -> switch (path) {
        case Postmaster postmaster -> new Destination.Inbox(ALICE, Optional.empty());
        case Mailbox(LocalPart local, Host.Domain(DomainName name))
        when name.equals(RELAYED) -> new Destination.Relayed(name);
        case Mailbox(LocalPart local, Host.Domain(DomainName name))
        when name.equals(OURS) ->
            switch (local.value()) {
                case "alice" -> new Destination.Inbox(ALICE, Optional.empty());
                case "list" -> new Destination.Alias("list", List.of(ELSEWHERE), Optional.of(ALICE));
                case "back" -> new Destination.Returned(ELSEWHERE, new Destination.Remote(ELSEWHERE.host()));
                case "routed" ->
                    new Destination.Returned(
                            Mailbox.of("victim%example.net", RELAYED), new Destination.Relayed(RELAYED));
                case "relayed" ->
                    new Destination.Returned(Mailbox.of("victim", RELAYED), new Destination.Relayed(RELAYED));
                case "signed" -> new Destination.Signed(ALICE, new Destination.Inbox(ALICE, Optional.empty()));
                case "forged" -> new Destination.Unreturnable("srs", EnhancedStatus.of("5.7.1"), "not made here");
                case "moved" -> new Destination.Unknown(EnhancedStatus.of("4.2.1"), "moving to another disk");
                default -> new Destination.Unknown(EnhancedStatus.of("5.1.1"), "no such mailbox here");
            };
        case Mailbox other -> new Destination.Remote(other.host());
    };

    private static final RelayPolicy CLOSED = new RelayPolicy(NetworkSet.none(), DIRECTORY);
    private static final RelayPolicy LISTING =
            new RelayPolicy(NetworkSet.of("192.0.2.0/24", "2001:db8::/32"), DIRECTORY);

    private static SessionFacts from(String address) {
        return at(new Endpoint.Inet(InetAddress.ofLiteral(address), 40000), ListenerRole.MX);
    }

    private static SessionFacts at(Endpoint peer, ListenerRole role) {
        Endpoint here = new Endpoint.Inet(InetAddress.ofLiteral("192.0.2.25"), 25);
        return SessionFacts.of(new QueueId(1), role, here, peer);
    }

    private static Verdict rcpt(RelayPolicy policy, SessionFacts session, ForwardPath path) {
        return policy.rcpt(session, NULL_SENDER, Recipient.of(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "10.0.0.1", "192.0.2.25", "203.0.113.9", "fe80::1"})
    void nobodyIsTrustedByDefaultNotEvenLoopback(String address) {
        assertThat(rcpt(CLOSED, from(address), ELSEWHERE)).isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
            assertThat(reject.reply().code()).isEqualTo(550);
            assertThat(reject.reply().status()).hasValue(EnhancedStatus.of("5.7.1"));
            assertThat(reject.reply().toString()).contains("relaying denied");
        });
    }

    @ParameterizedTest
    @EnumSource(value = ListenerRole.class, names = "LOCAL", mode = EnumSource.Mode.EXCLUDE)
    void noRoleOfAListenerOpensTheRelay(ListenerRole role) {
        Endpoint unix = new Endpoint.Unix(Path.of("/run/postern/lmtp"));
        assertThat(rcpt(LISTING, at(unix, role), ELSEWHERE)).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void theLocalRoleRelaysForWhoMayOpenItsSocketAndForNobodyOverTcp() {
        Endpoint unix = new Endpoint.Unix(Path.of("/run/postern/submit"));
        Endpoint tcp = new Endpoint.Inet(InetAddress.ofLiteral("127.0.0.1"), 25);
        assertThat(rcpt(CLOSED, at(unix, ListenerRole.LOCAL), ELSEWHERE)).isInstanceOf(Verdict.Accept.class);
        assertThat(rcpt(CLOSED, at(tcp, ListenerRole.LOCAL), ELSEWHERE)).isInstanceOf(Verdict.Reject.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.255", "2001:db8::1", "::ffff:192.0.2.9"})
    void listedNetworkMayRelay(String address) {
        assertThat(rcpt(LISTING, from(address), ELSEWHERE)).isInstanceOf(Verdict.Accept.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.3.1", "2001:db9::1", "::192.0.2.1", "127.0.0.1", "::1"})
    void whoIsNotListedMayNot(String address) {
        assertThat(rcpt(LISTING, from(address), ELSEWHERE)).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void whoHasLoggedInMayRelay() {
        assertThat(rcpt(CLOSED, from("203.0.113.9").withUser("alice"), ELSEWHERE))
                .isInstanceOf(Verdict.Accept.class);
    }

    @Test
    void anyoneReachesWhatIsOurs() {
        for (ForwardPath path :
                List.of(ALICE, new Postmaster(), Mailbox.of("list", OURS), Mailbox.of("anybody", RELAYED))) {
            assertThat(rcpt(CLOSED, from("203.0.113.9"), path))
                    .as("to %s", path)
                    .isInstanceOf(Verdict.Accept.class);
        }
    }

    @Test
    void unknownRecipientIsRefusedForStrangersAndUsersAlike() {
        for (SessionFacts session : List.of(
                from("203.0.113.9"), from("192.0.2.1"), from("203.0.113.9").withUser("alice"))) {
            assertThat(rcpt(LISTING, session, Mailbox.of("nobody", OURS)))
                    .isInstanceOfSatisfying(
                            Verdict.Reject.class,
                            reject -> assertThat(reject.reply()).hasToString("550 5.1.1 no such mailbox here"));
        }
    }

    @Test
    void recipientThatCannotBeWrittenToNowIsDeferred() {
        assertThat(rcpt(CLOSED, from("203.0.113.9"), Mailbox.of("moved", OURS)))
                .isInstanceOfSatisfying(
                        Verdict.Defer.class,
                        defer -> assertThat(defer.reply()).hasToString("450 4.2.1 moving to another disk"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "victim%example.net",
                "example.net!victim",
                "victim@example.net",
                "a%b%c",
                "!",
                "victim\uff20example.net",
                "victim\ufe6aexample.net"
            })
    void addressInsideAnAddressIsNotCarriedIntoARelayedDomainForStrangers(String local) {
        Mailbox smuggled = Mailbox.of(local, RELAYED);
        assertThat(rcpt(LISTING, from("203.0.113.9"), smuggled)).isInstanceOf(Verdict.Reject.class);
        assertThat(rcpt(LISTING, from("192.0.2.1"), smuggled)).isInstanceOf(Verdict.Accept.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"back", "relayed"})
    void reportFindsBackThroughAReturnAddressWhoeverBringsIt(String local) {
        for (SessionFacts session : List.of(
                from("203.0.113.9"), from("192.0.2.1"), from("203.0.113.9").withUser("alice"))) {
            assertThat(rcpt(LISTING, session, Mailbox.of(local, OURS)))
                    .isInstanceOfSatisfying(
                            Verdict.Accept.class,
                            accept -> assertThat(accept.rule()).isEqualTo("srs"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"back", "relayed", "routed"})
    void nothingButAReportUsesAReturnAddressWhoeverBringsIt(String local) {
        MailFacts fromSomebody = new MailFacts(Mailbox.of("spam", DomainName.of("example.com")), MailParameters.none());
        for (SessionFacts session : List.of(
                from("203.0.113.9"), from("192.0.2.1"), from("203.0.113.9").withUser("alice"))) {
            assertThat(LISTING.rcpt(session, fromSomebody, Recipient.of(Mailbox.of(local, OURS))))
                    .isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
                        assertThat(reject.rule()).isEqualTo("srs");
                        assertThat(reject.reply().toString())
                                .startsWith("550 5.7.1 ")
                                .contains("reports only");
                        assertThat(reject.inputs()).containsEntry("sender", "<spam@example.com>");
                    });
        }
    }

    @Test
    void signedReturnPathMeansThePlainAddressForWhoeverWritesToIt() {
        MailFacts fromSomebody = new MailFacts(ELSEWHERE, MailParameters.none());
        for (MailFacts mail : List.of(NULL_SENDER, fromSomebody)) {
            assertThat(LISTING.rcpt(from("203.0.113.9"), mail, Recipient.of(Mailbox.of("signed", OURS))))
                    .isInstanceOfSatisfying(
                            Verdict.Accept.class,
                            accept -> assertThat(accept.inputs())
                                    .containsEntry("destination", "signed for alice@example.org"));
        }
    }

    @Test
    void forgedReturnAddressIsRefusedWhoeverBringsIt() {
        for (SessionFacts session : List.of(
                from("203.0.113.9"), from("192.0.2.1"), from("203.0.113.9").withUser("alice"))) {
            assertThat(rcpt(LISTING, session, Mailbox.of("forged", OURS)))
                    .isInstanceOfSatisfying(Verdict.Reject.class, reject -> {
                        assertThat(reject.rule()).isEqualTo("srs");
                        assertThat(reject.reply()).hasToString("550 5.7.1 not made here");
                    });
        }
    }

    @Test
    void returnAddressSmugglesNothingIntoARelayedDomain() {
        assertThat(rcpt(LISTING, from("203.0.113.9"), Mailbox.of("routed", OURS)))
                .isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void decisionKeepsTheFactsItWasTakenFrom() {
        assertThat(rcpt(LISTING, from("192.0.2.1"), ELSEWHERE).inputs())
                .containsExactly(
                        java.util.Map.entry("peer", "192.0.2.1"),
                        java.util.Map.entry("network", "192.0.2.0/24"),
                        java.util.Map.entry("user", "none"),
                        java.util.Map.entry("recipient", "victim@example.net"),
                        java.util.Map.entry("destination", "elsewhere"));
    }
}
