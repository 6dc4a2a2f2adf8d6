package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.forward.OnwardCopies;
import dev.postern.mailauth.arc.ArcResult;
import dev.postern.mailauth.arc.ArcSealer;
import dev.postern.mailauth.arc.ArcVerifier;
import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.DkimSigner;
import dev.postern.mailauth.dkim.SelectedKey;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.BodySink;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.message.Stamps;
import dev.postern.route.Destination;
import dev.postern.smtp.Envelope;
import dev.postern.smtp.Host;
import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuthenticationPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");
    private static final DomainName RECEIVER = DomainName.of("mx.receiver.example");
    private static final InetAddress GOOD = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress BAD = InetAddress.ofLiteral("198.51.100.9");
    private static final String TEXT = "Subject: hello\r\nTo: joe@receiver.example\r\n\r\nHello.\r\n";

    private DkimKey key;
    private Resolver dns;

    @BeforeAll
    void publish() throws IOException {
        key = DkimKey.generate(DkimAlgorithm.ED25519_SHA256, Optional.empty());
        StringBuilder zone = new StringBuilder();
        for (String policy : List.of("none", "quarantine", "reject")) {
            String domain = policy + ".example";
            zone.append(domain).append(". TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
            zone.append(domain).append(". A 192.0.2.1\n");
            zone.append("_dmarc.")
                    .append(domain)
                    .append(". TXT \"v=DMARC1; p=")
                    .append(policy)
                    .append("\"\n");
            zone.append("s._domainkey.")
                    .append(domain)
                    .append(". TXT \"")
                    .append(key.record())
                    .append("\"\n");
        }
        zone.append("s._domainkey.lists.example. TXT \"").append(key.record()).append("\"\n");
        zone.append("silent.example. A 192.0.2.1\n");
        zone.append("other.example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n");
        zone.append("s._domainkey.other.example. TXT \"").append(key.record()).append("\"\n");
        dns = ZoneResolver.of(zone.toString());
    }

    /// Every way to come in the name of a domain, by what the domain asks for: SPF and DKIM right, wrong or for
    /// somebody else.
    @ParameterizedTest
    @CsvSource({
        // client, envelope,  signed,  none,   quarantine, reject
        "GOOD, same,      same,    pass,   pass,       pass",
        "GOOD, same,      no,      pass,   pass,       pass",
        "GOOD, same,      broken,  pass,   pass,       pass",
        "GOOD, sub,       no,      fail,   marked,     refused",
        "GOOD, other,     same,    pass,   pass,       pass",
        "GOOD, other,     no,      fail,   marked,     refused",
        "GOOD, other,     other,   fail,   marked,     refused",
        "GOOD, null,      same,    pass,   pass,       pass",
        "GOOD, null,      no,      fail,   marked,     refused",
        "BAD,  same,      same,    pass,   pass,       pass",
        "BAD,  same,      no,      fail,   marked,     refused",
        "BAD,  same,      broken,  fail,   marked,     refused",
        "BAD,  same,      other,   fail,   marked,     refused",
        "BAD,  other,     same,    pass,   pass,       pass",
        "BAD,  other,     other,   fail,   marked,     refused",
        "BAD,  other,     broken,  fail,   marked,     refused",
    })
    void mailIsJudgedByWhatVouchesForItsAuthorAndWhatItsDomainAsksFor(
            String client, String envelope, String signed, String none, String quarantine, String reject)
            throws IOException {
        InetAddress from = client.equals("GOOD") ? GOOD : BAD;
        for (String[] wanted : new String[][] {{"none", none}, {"quarantine", quarantine}, {"reject", reject}}) {
            String domain = wanted[0] + ".example";
            ReversePath sender = switch (envelope) {
                case "null" -> new NullPath();
                case "other" -> Mailbox.of("me", DomainName.of("other.example"));
                case "sub" -> Mailbox.of("me", DomainName.of("sub." + domain));
                default -> Mailbox.of("me", DomainName.of(domain));
            };
            String message = sign(signed, domain, "From: Me <me@" + domain + ">\r\n" + TEXT);
            Judged judged = judge(settings(AuthenticationSettings.Quarantine.MARK), from, sender, message);
            String outcome = wanted[1].equals("pass") ? "pass" : "fail";
            assertThat(judged.results()).as(domain + "\n" + judged).contains("dmarc=" + outcome);
            assertThat(judged.verdict().word())
                    .as(domain + "\n" + judged)
                    .isEqualTo(wanted[1].equals("refused") ? "reject" : "accept");
            assertThat(judged.verdict().inputs()).containsKeys("spf-mailfrom", "dkim", "dmarc", "dns", "iprev");
        }
    }

    @Test
    void refusalNamesTheDomainThatAsksForIt() throws IOException {
        Judged judged = judge(
                settings(AuthenticationSettings.Quarantine.MARK),
                BAD,
                new NullPath(),
                "From: a@reject.example\r\n" + TEXT);
        assertThat(judged.verdict())
                .isInstanceOfSatisfying(
                        Verdict.Reject.class,
                        refused -> assertThat(refused.reply().toString())
                                .contains("550", "5.7.1", "reject.example", "DMARC"));
    }

    @Test
    void quarantineIsWhatTheSettingsSay() throws IOException {
        String message = "From: a@quarantine.example\r\n" + TEXT;
        assertThat(judge(settings(AuthenticationSettings.Quarantine.HOLD), BAD, new NullPath(), message)
                        .verdict())
                .isInstanceOf(Verdict.Quarantine.class);
        assertThat(judge(settings(AuthenticationSettings.Quarantine.REFUSE), BAD, new NullPath(), message)
                        .verdict())
                .isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void trustedForwarderAndMereMarkingLetForgedMailIn() throws IOException {
        String message = "From: a@reject.example\r\n" + TEXT;
        AuthenticationSettings mark = new AuthenticationSettings(
                RECEIVER, false, AuthenticationSettings.Quarantine.MARK, false, new NetworkSet(List.of()), Set.of());
        assertThat(judge(mark, BAD, new NullPath(), message).verdict()).isInstanceOf(Verdict.Accept.class);
        AuthenticationSettings trusting = new AuthenticationSettings(
                RECEIVER,
                true,
                AuthenticationSettings.Quarantine.MARK,
                false,
                new NetworkSet(List.of(Network.parse("198.51.100.0/24").orElseThrow())),
                Set.of());
        Judged judged = judge(trusting, BAD, new NullPath(), message);
        assertThat(judged.verdict()).isInstanceOf(Verdict.Accept.class);
        assertThat(judged.verdict().inputs()).containsEntry("trusted-forwarder", "198.51.100.0/24");
        assertThat(judged.results()).contains("dmarc=fail");
    }

    @ParameterizedTest
    @CsvSource({
        "From: a@silent.example\\r\\nFrom: b@silent.example\\r\\n",
        "From: a@silent.example\\, <b@reject.example\\r\\n",
        "From: <a@silent.example>(\\r\\n",
        "From: a@silent.example\\r\\nno field\\r\\nFrom: b@reject.example\\r\\n",
    })
    void authorThatReadersWouldDisagreeOnIsRefused(String fields) throws IOException {
        String header = fields.replace("\\r", "\r").replace("\\n", "\n").replace("\\,", ",");
        Judged judged = judge(settings(AuthenticationSettings.Quarantine.MARK), BAD, new NullPath(), header + TEXT);
        assertThat(judged.verdict()).as(judged.toString()).isInstanceOf(Verdict.Reject.class);
    }

    @Test
    void mailOfADomainThatSaysNothingIsLetInWithItsResults() throws IOException {
        Judged judged = judge(
                settings(AuthenticationSettings.Quarantine.MARK),
                BAD,
                new NullPath(),
                "From: a@silent.example\r\n" + TEXT);
        assertThat(judged.verdict()).isInstanceOf(Verdict.Accept.class);
        assertThat(judged.results())
                .startsWith("Authentication-Results: mx.receiver.example;")
                .contains("dmarc=none");
        assertThat(judge(settings(AuthenticationSettings.Quarantine.MARK), BAD, new NullPath(), TEXT)
                        .verdict())
                .isInstanceOf(Verdict.Accept.class);
    }

    @Test
    void dnsThatDoesNotAnswerIsNeverAPassAndDefersWhereTheSettingsSaySo() throws IOException {
        Resolver dead = new Resolver() {
            @Override
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                return new DnsAnswer.Failed<>("time-out");
            }
        };
        String message = sign("same", "reject.example", "From: a@reject.example\r\n" + TEXT);
        ReversePath sender = Mailbox.of("a", DomainName.of("reject.example"));
        AuthenticationSettings deferring = new AuthenticationSettings(
                RECEIVER, true, AuthenticationSettings.Quarantine.MARK, true, new NetworkSet(List.of()), Set.of());
        Judged judged = judge(dead, settings(AuthenticationSettings.Quarantine.MARK), GOOD, sender, message);
        assertThat(judged.verdict()).isInstanceOf(Verdict.Accept.class);
        assertThat(judged.results())
                .contains("spf=temperror", "dkim=temperror", "dmarc=temperror")
                .doesNotContain("=pass");
        assertThat(judge(dead, deferring, GOOD, sender, message).verdict()).isInstanceOf(Verdict.Defer.class);
    }

    @Test
    void ourOwnAndOtherDoorsAreNotAsked() throws IOException {
        String message = "From: a@reject.example\r\n" + TEXT;
        ContentFacts content = facts(new NullPath(), message);
        AuthenticationPolicy trusting = new AuthenticationPolicy(
                session -> true,
                settings(AuthenticationSettings.Quarantine.MARK),
                new SenderAuthentication(dns, RECEIVER, InstantSource.fixed(NOW), Optional.empty()));
        assertThat(trusting.content(session(ListenerRole.MX, BAD), content).isOpinion())
                .isFalse();
        AuthenticationPolicy policy = new AuthenticationPolicy(
                session -> false,
                settings(AuthenticationSettings.Quarantine.MARK),
                new SenderAuthentication(dns, RECEIVER, InstantSource.fixed(NOW), Optional.empty()));
        assertThat(policy.content(session(ListenerRole.SUBMISSION, BAD), content)
                        .isOpinion())
                .isFalse();
        assertThat(content.stamps().text()).isEmpty();
    }

    @Test
    void whatIsLedOnIsSealedSoThatATrustingReceiverKnowsItPassedHere() throws IOException {
        DomainName lists = DomainName.of("lists.example");
        AuthenticationSettings marking = settings(AuthenticationSettings.Quarantine.MARK);
        ForwardPolicy forwarding = new ForwardPolicy(
                path -> path.toString().endsWith("@receiver.example")
                        ? new Destination.Alias(
                                "joe", List.of(Mailbox.of("joe", DomainName.of("away.example"))), Optional.empty())
                        : new Destination.Remote(new Host.Domain(lists)),
                new ForwardSettings(marking, Optional.empty(), new Unprovable.Send()),
                new ForwardSeal(Map.of(
                        DomainName.of("receiver.example"),
                        new ArcSealer(lists, new SelectedKey(DomainName.of("s"), key), SigningSettings.usual()))),
                InstantSource.fixed(NOW));
        String message = sign("same", "reject.example", "From: a@reject.example\r\n" + TEXT);
        ContentFacts first = facts(Mailbox.of("a", DomainName.of("reject.example")), message);
        new AuthenticationPolicy(
                        session -> false,
                        marking,
                        new SenderAuthentication(dns, RECEIVER, InstantSource.fixed(NOW), Optional.empty()))
                .content(session(ListenerRole.MX, GOOD), first);
        Verdict here = forwarding.content(session(ListenerRole.MX, GOOD), first);
        assertThat(here.why()).contains("sealed by receiver.example");
        assertThat(first.stamps().fields())
                .extracting(HeaderField::name)
                .containsExactly(
                        "ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results", "Authentication-Results");

        // on its way a list puts a footer below, so that the author's signature is broken
        String forwarded = first.stamps().text() + message;
        AuthenticationSettings trusting = new AuthenticationSettings(
                RECEIVER,
                true,
                AuthenticationSettings.Quarantine.MARK,
                false,
                new NetworkSet(List.of()),
                Set.of(lists));
        String broken = forwarded.replaceFirst("(?m)^DKIM-Signature: v=1;", "DKIM-Signature: v=2;");
        Judged refused = judge(settings(AuthenticationSettings.Quarantine.MARK), BAD, new NullPath(), broken);
        assertThat(refused.verdict()).as(refused.toString()).isInstanceOf(Verdict.Reject.class);
        assertThat(refused.results()).contains("dmarc=fail");
        Judged whole = judge(trusting, BAD, new NullPath(), forwarded);
        assertThat(whole.results()).contains("arc=pass", "dmarc=pass");
        Judged trusted = judge(trusting, BAD, new NullPath(), resealed(message, lists));
        assertThat(trusted.results()).contains("arc=pass", "dmarc=fail");
        assertThat(trusted.verdict()).as(trusted.toString()).isInstanceOf(Verdict.Accept.class);
        assertThat(trusted.verdict().inputs()).containsEntry("trusted-sealer", "lists.example");
    }

    /// A message that a list changed and sealed itself, after it had seen it pass.
    private String resealed(String message, DomainName lists) throws IOException {
        String changed = message.replace("Hello.", "Hello.\r\n-- \r\nThe list");
        MessageReader reader =
                MessageReader.read(new ByteArrayInputStream(changed.getBytes(StandardCharsets.ISO_8859_1)), 10_000);
        ArcResult none = new ArcVerifier(dns, DkimSettings.usual(), InstantSource.fixed(NOW))
                .begin(reader.header())
                .finish();
        MessageStamp.Stamping stamping = new ArcSealer(
                        lists, new SelectedKey(DomainName.of("s"), key), SigningSettings.usual())
                .stamp(none, "lists.example; dmarc=pass header.from=reject.example")
                .begin(reader.header());
        BodySink.feed(reader.body(), List.of(stamping));
        return stamping.finish(NOW) + changed;
    }

    private record Judged(Verdict verdict, String results) {}

    private Judged judge(AuthenticationSettings settings, InetAddress client, ReversePath sender, String message) {
        return judge(dns, settings, client, sender, message);
    }

    private static Judged judge(
            Resolver dns, AuthenticationSettings settings, InetAddress client, ReversePath sender, String message) {
        AuthenticationPolicy policy = new AuthenticationPolicy(
                session -> false,
                settings,
                new SenderAuthentication(dns, RECEIVER, InstantSource.fixed(NOW), Optional.empty()));
        ContentFacts facts = facts(sender, message);
        Verdict verdict = policy.content(session(ListenerRole.MX, client), facts);
        return new Judged(verdict, facts.stamps().text());
    }

    private static AuthenticationSettings settings(AuthenticationSettings.Quarantine quarantine) {
        return new AuthenticationSettings(RECEIVER, true, quarantine, false, new NetworkSet(List.of()), Set.of());
    }

    private static SessionFacts session(ListenerRole role, InetAddress client) {
        return SessionFacts.of(new QueueId(1), role, new Endpoint.Memory("server"), new Endpoint.Inet(client, 25))
                .withGreeting(new SessionFacts.Greeting("client.example", true));
    }

    private static ContentFacts facts(ReversePath sender, String message) {
        Envelope envelope = new Envelope(
                sender,
                MailParameters.none(),
                List.of(Recipient.of(Mailbox.of("joe", DomainName.of("receiver.example")))));
        byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
        return new ContentFacts(
                new QueueId(2), envelope, Content.of(octets), new Stamps(), new OnwardCopies(), new Findings());
    }

    private String sign(String how, String domain, String message) throws IOException {
        if (how.equals("no")) {
            return message;
        }
        DomainName signer = DomainName.of(how.equals("other") ? "other.example" : domain);
        MessageStamp stamp =
                new DkimSigner(signer, List.of(new SelectedKey(DomainName.of("s"), key)), SigningSettings.usual());
        MessageReader reader =
                MessageReader.read(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)), 10_000);
        MessageStamp.Stamping stamping = stamp.begin(reader.header());
        BodySink.feed(reader.body(), List.of(stamping));
        String signed = stamping.finish(NOW) + message;
        assertThat(reader.header().fields()).extracting(HeaderField::name).contains("From");
        return how.equals("broken") ? signed.replace("Hello.", "Hullo.") : signed;
    }
}
