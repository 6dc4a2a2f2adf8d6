package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.batv.BatvSettings;
import dev.postern.batv.SignedReturnPaths;
import dev.postern.batv.Signing;
import dev.postern.batv.UnsignedAddresses;
import dev.postern.dns.DomainName;
import dev.postern.route.Destination;
import dev.postern.route.Directory;
import dev.postern.route.SignedAddresses;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.ManualClock;
import dev.postern.spool.QueueId;
import dev.postern.srs.SrsSecrets;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole chain of rules, as strangers and others ask it.
class BouncePolicyTest {
    private static final DomainName OURS = DomainName.of("ours.example");
    private static final Mailbox ANN = Mailbox.of("ann", OURS);
    private static final Mailbox FAR = Mailbox.of("carol", DomainName.of("far.example"));

    private final ManualClock clock = ManualClock.atNoon();
    private final SignedReturnPaths paths = new SignedReturnPaths(
            new BatvSettings(Set.of(OURS), 7, new UnsignedAddresses(Set.of(Mailbox.of("news", OURS)), Set.of())),
            SrsSecrets.of("a secret of the test"),
            clock);
    private final Directory directory = new SignedAddresses(BouncePolicyTest::written, paths);
    private final RelayPolicy relay = new RelayPolicy(NetworkSet.of("192.0.2.0/24"), directory);
    private final Policies policies = new Policies(
            relay, List.of(new BouncePolicy(relay::trusts, directory, paths)), InstantSource.fixed(clock.instant()));

    /// Inboxes, an alias, a return address of forwarded mail; nobody else.
    private static Destination written(ForwardPath path) {
        return switch (path.toString()) {
            case "ann@ours.example", "news@ours.example", "postmaster@ours.example", "abuse@ours.example" ->
                new Destination.Inbox((Mailbox) path, Optional.empty());
            case "postmaster" -> new Destination.Inbox(ANN, Optional.empty());
            case "team@ours.example" -> new Destination.Alias("team", List.of(ANN, FAR), Optional.empty());
            case "SRS0=x@ours.example" -> new Destination.Returned(FAR, new Destination.Remote(FAR.host()));
            case String other
            when other.endsWith("@ours.example") ->
                new Destination.Unknown(EnhancedStatus.of("5.1.1"), "nobody has this address here");
            default -> new Destination.Remote(((Mailbox) path).host());
        };
    }

    private static SessionFacts from(String address) {
        return SessionFacts.of(
                new QueueId(1),
                ListenerRole.MX,
                new Endpoint.Memory("server"),
                new Endpoint.Inet(InetAddress.ofLiteral(address), 40000));
    }

    private String reply(SessionFacts session, ReversePath sender, String recipient) {
        ForwardPath path = ForwardPath.parse(recipient).orElseThrow();
        Verdict verdict = policies.rcpt(
                session, new MailFacts(sender, MailParameters.none()), Recipient.of(path), decision -> {});
        return verdict instanceof Verdict.Refusal refusal ? refusal.reply().toString() : "250";
    }

    private String signed() {
        return switch (paths.sign(ANN)) {
            case Signing.Signed(Mailbox address) -> address.toString();
            case Signing.Kept kept -> throw new AssertionError(kept);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | ann@ours.example | 550 5.7.1 no mail of this address has asked for a report",
                "'' | Ann@Ours.Example | 550 5.1.1 nobody has this address here",
                "'' | team@ours.example | 550 5.7.1 no mail of this address has asked for a report",
                "'' | prvs=0612abcdef=ann@ours.example | 550 5.7.1 this return address was not signed by this server",
                "a@b.example | prvs=0612abcdef=ann@ours.example"
                        + " | 550 5.7.1 this return address was not signed by this server",
                "'' | nobody@ours.example | 550 5.1.1 nobody has this address here",
                "'' | postmaster@ours.example | 250",
                "'' | abuse@ours.example | 250",
                "'' | Postmaster | 250",
                "'' | news@ours.example | 250",
                "'' | SRS0=x@ours.example | 250",
                "a@b.example | ann@ours.example | 250",
                "a@b.example | team@ours.example | 250",
            })
    void strangersBringReportsOnOurMailOnly(String sender, String recipient, String expected) {
        assertThat(reply(from("203.0.113.9"), ReversePath.parse(sender).orElseThrow(), recipient))
                .isEqualTo(expected);
    }

    @Test
    void signedAddressIsGoodForReportsAndForWhoeverElseAnswersIt() {
        for (String sender : List.of("", "robot@far.example")) {
            ReversePath path = ReversePath.parse(sender).orElseThrow();
            assertThat(reply(from("203.0.113.9"), path, signed())).isEqualTo("250");
        }
        String address = signed();
        clock.advance(Duration.ofDays(8));
        assertThat(reply(from("203.0.113.9"), new NullPath(), address))
                .isEqualTo("550 5.1.1 this return address was good until 2026-06-08");
    }

    @Test
    void signedAddressOfSomebodyWhoHasLeftIsUnknown() {
        String address = signed().replace("ann@", "gone@");
        assertThat(reply(from("203.0.113.9"), new NullPath(), address)).startsWith("550 5.7.1");
        Mailbox gone = ((Signing.Signed) paths.sign(Mailbox.of("gone", OURS))).address();
        assertThat(reply(from("203.0.113.9"), new NullPath(), gone.toString()))
                .isEqualTo("550 5.1.1 nobody has this address here");
    }

    @Test
    void hostsAndProgramsOfOursReportOnMailThatNeverLeft() {
        assertThat(reply(from("192.0.2.1"), new NullPath(), "ann@ours.example")).isEqualTo("250");
        assertThat(reply(from("203.0.113.9").withUser(SessionFacts.LOCAL_USER), new NullPath(), "ann@ours.example"))
                .isEqualTo("250");
    }

    @Test
    void signedAddressElsewhereIsElsewhere() {
        assertThat(reply(from("203.0.113.9"), new NullPath(), signed().replace("ours", "far")))
                .contains("relaying denied");
        assertThat(directory.destination(Mailbox.of("prvs=0612abcdef=ann", DomainName.of("far.example"))))
                .isEqualTo(new Destination.Remote(new Host.Domain(DomainName.of("far.example"))));
    }
}
