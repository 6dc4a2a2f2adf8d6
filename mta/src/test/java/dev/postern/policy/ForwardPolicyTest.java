package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.forward.Onward;
import dev.postern.forward.RewrittenAuthor;
import dev.postern.mailauth.dkim.SigningSettings;
import dev.postern.message.HeaderField;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.QueueId;
import dev.postern.wire.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForwardPolicyTest {
    private static final String TEXT = "Subject: hello\r\nTo: away@ours.example\r\n\r\nHello.\r\n";

    private ForwardingWorld world;

    @BeforeAll
    void publish() throws IOException {
        world = ForwardingWorld.create();
    }

    @ParameterizedTest(name = "{0}, SPF {1}, signed {2}, to {3}, {4}: {5}, {6}")
    @CsvSource({
        // author,    SPF,  signed, to,     unprovable, verdict, what leads away
        "reject,      pass, no,     away,   send,       accept,  as it is",
        "reject,      pass, no,     away,   rewrite,    accept,  rewritten",
        "reject,      pass, no,     away,   wrap,       accept,  wrapped",
        "reject,      pass, no,     away,   refuse,     reject,  as it is",
        "reject,      pass, no,     list,   rewrite,    accept,  rewritten",
        "reject,      pass, no,     both,   rewrite,    accept,  rewritten",
        "reject,      pass, no,     both,   refuse,     accept,  as it is",
        "quarantine,  pass, no,     away,   rewrite,    accept,  rewritten",
        "quarantine,  pass, no,     away,   refuse,     reject,  as it is",
        "testing,     pass, no,     away,   wrap,       accept,  wrapped",
        // nothing shows here who the author is: we do not lend our name to it
        "quarantine,  fail, no,     away,   rewrite,    accept,  as it is",
        "quarantine,  fail, no,     away,   wrap,       accept,  as it is",
        "quarantine,  fail, no,     away,   send,       accept,  as it is",
        // what survives, or need not, is not touched
        "reject,      pass, same,   away,   rewrite,    accept,  as it is",
        "reject,      fail, same,   away,   wrap,       accept,  as it is",
        "reject,      pass, same,   away,   refuse,     accept,  as it is",
        "none,        pass, no,     away,   rewrite,    accept,  as it is",
        "silent,      fail, no,     away,   refuse,     accept,  as it is",
        // what nobody should believe is not led on, even where it is only marked
        "reject,      fail, no,     away,   send,       reject,  as it is",
        "reject,      fail, no,     away,   rewrite,    reject,  as it is",
        "reject,      fail, no,     both,   send,       accept,  held",
        "reject,      fail, no,     both,   wrap,       accept,  held",
        "reject,      fail, other,  both,   refuse,     accept,  held",
        "reject,      fail, same,   both,   send,       accept,  as it is",
        "ours,        fail, no,     away,   send,       reject,  as it is",
    })
    void whatIsDoneFollowsFromWhatIsForetold(
            String author, String spf, String signed, String to, String unprovable, String verdict, String away)
            throws IOException {
        String domain = author + ".example";
        String message = "From: Ann <ann@" + domain + ">\r\n" + TEXT;
        message = switch (signed) {
            case "same" -> world.signed(domain, SigningSettings.usual(), message);
            case "other" -> world.signed("other.example", SigningSettings.usual(), message);
            default -> message;
        };
        InetAddress client = spf.equals("pass") ? ForwardingWorld.GOOD : ForwardingWorld.BAD;
        ContentFacts facts = ForwardingWorld.facts(ForwardingWorld.mailbox("ann@" + domain), message, to);

        Verdict told = judge(marking(List.of(), Set.of()), client, unprovable, facts);

        assertThat(told.word()).as(told.toString()).isEqualTo(verdict);
        assertThat(told.rule()).isEqualTo(ForwardPolicy.RULE);
        assertThat(told.inputs()).containsKeys("led-away", "forecast", "dmarc-here", "unprovable");
        assertThat(word(facts.onward().onward())).as(told.toString()).isEqualTo(away);
        if (told instanceof Verdict.Refusal refusal) {
            assertThat(refusal.reply().toString()).startsWith("550 5.7.1").contains("forwarded", "DMARC");
        }
    }

    private static String word(Onward onward) {
        return switch (onward) {
            case Onward.AsReceived _ -> "as it is";
            case Onward.Held _ -> "held";
            case Onward.Changed changed -> changed.form().word();
        };
    }

    @Test
    void messageThatSomebodyElseGetsHereIsNotRefused() throws IOException {
        ContentFacts facts = ForwardingWorld.facts(
                ForwardingWorld.mailbox("ann@reject.example"),
                "From: Ann <ann@reject.example>\r\n" + TEXT,
                "away",
                "boss");

        assertThat(judge(marking(List.of(), Set.of()), ForwardingWorld.GOOD, "refuse", facts))
                .isInstanceOf(Verdict.Accept.class);
        assertThat(judge(marking(List.of(), Set.of()), ForwardingWorld.BAD, "refuse", facts))
                .isInstanceOfSatisfying(
                        Verdict.Accept.class, held -> assertThat(held.why()).contains("held", "reject.example"));
        assertThat(facts.onward().onward()).isEqualTo(new Onward.Held());
    }

    @Test
    void trustedForwarderIsProofEnough() throws IOException {
        AuthenticationSettings trusting =
                marking(List.of(Network.parse("198.51.100.0/24").orElseThrow()), Set.of());
        ContentFacts facts = ForwardingWorld.facts(
                ForwardingWorld.mailbox("list@lists.example"), "From: Ann <ann@reject.example>\r\n" + TEXT, "away");

        Verdict told = judge(trusting, ForwardingWorld.BAD, "rewrite", facts);

        assertThat(told).as(told.toString()).isInstanceOf(Verdict.Accept.class);
        assertThat(word(facts.onward().onward())).isEqualTo("rewritten");
    }

    @ParameterizedTest
    @CsvSource({
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, 'no address of ours can stand in for the author, since'",
        "?ann, readers would disagree on <SRS0=",
    })
    void authorThatNoAddressOfOursCanStandInForStays(String localPart, String because) throws IOException {
        ContentFacts facts = ForwardingWorld.facts(
                ForwardingWorld.mailbox("ann@reject.example"),
                "From: Ann <" + localPart + "@reject.example>\r\n" + TEXT,
                "away");

        Verdict told = judge(marking(List.of(), Set.of()), ForwardingWorld.GOOD, "rewrite", facts);

        assertThat(told.why()).contains(because);
        assertThat(facts.onward().onward()).isEqualTo(new Onward.AsReceived());
    }

    @Test
    void ourSignatureAndTheSealAreAboveOurResultsInThisOrder() throws IOException {
        ContentFacts facts = ForwardingWorld.facts(
                ForwardingWorld.mailbox("ann@reject.example"), "From: Ann <ann@reject.example>\r\n" + TEXT, "away");

        judge(marking(List.of(), Set.of()), ForwardingWorld.GOOD, "rewrite", facts);

        assertThat(facts.onward().onward()).isInstanceOfSatisfying(Onward.Changed.class, changed -> {
            assertThat(changed.fields()).startsWith("Authentication-Results: mx.ours.example;");
            assertThat(changed.stamps()).hasSize(2);
            assertThat(changed.form())
                    .isInstanceOfSatisfying(
                            RewrittenAuthor.class,
                            form -> assertThat(form.author().address().toString())
                                    .endsWith("=reject.example=ann@ours.example"));
        });
        assertThat(facts.stamps().fields())
                .as("nobody gets the message as it came, so it is not sealed")
                .extracting(HeaderField::name)
                .containsExactly("Authentication-Results");
    }

    @Test
    void mailThatStaysAndMailThatNobodyCheckedIsNotLookedAt() throws IOException {
        ReversePath ann = ForwardingWorld.mailbox("ann@reject.example");
        String message = "From: Ann <ann@reject.example>\r\n" + TEXT;
        assertThat(judge(
                                marking(List.of(), Set.of()),
                                ForwardingWorld.BAD,
                                "send",
                                ForwardingWorld.facts(ann, message, "boss"))
                        .isOpinion())
                .isFalse();
        assertThat(policy(marking(List.of(), Set.of()), "refuse")
                        .content(session(ForwardingWorld.BAD), ForwardingWorld.facts(ann, message, "away"))
                        .isOpinion())
                .isFalse();
    }

    private Verdict judge(AuthenticationSettings settings, InetAddress client, String unprovable, ContentFacts facts) {
        SessionFacts session = session(client);
        assertThat(new AuthenticationPolicy(ours -> false, settings, world.authentication()).content(session, facts))
                .isInstanceOf(Verdict.Accept.class);
        return policy(settings, unprovable).content(session, facts);
    }

    private ForwardPolicy policy(AuthenticationSettings settings, String unprovable) {
        Unprovable action = switch (unprovable) {
            case "send" -> new Unprovable.Send();
            case "rewrite" -> new Unprovable.Rewrite(world.ourName());
            case "wrap" -> new Unprovable.Wrap(world.ourName());
            default -> new Unprovable.Refuse();
        };
        return new ForwardPolicy(
                ForwardingWorld.DIRECTORY,
                new ForwardSettings(settings, Optional.of(ForwardingWorld.rewriting()), action),
                world.seal(),
                InstantSource.fixed(ForwardingWorld.NOW));
    }

    private static SessionFacts session(InetAddress client) {
        return SessionFacts.of(
                        new QueueId(1), ListenerRole.MX, new Endpoint.Memory("server"), new Endpoint.Inet(client, 25))
                .withGreeting(new SessionFacts.Greeting("client.example", true));
    }

    /// What fails is only marked.
    private static AuthenticationSettings marking(List<Network> forwarders, Set<DomainName> sealers) {
        return new AuthenticationSettings(
                ForwardingWorld.RECEIVER,
                false,
                AuthenticationSettings.Quarantine.MARK,
                false,
                new NetworkSet(forwarders),
                sealers);
    }
}
