package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.forward.CopyForm;
import dev.postern.forward.Onward;
import dev.postern.forward.RewrittenAuthor;
import dev.postern.forward.StandIn;
import dev.postern.forward.WrappedMessage;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.message.Author;
import dev.postern.message.HeaderField;
import dev.postern.message.MessageReader;
import dev.postern.message.MessageStamp;
import dev.postern.route.Directory;
import dev.postern.smtp.ForwardPath;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.smtp.NullPath;
import dev.postern.smtp.Reply;
import dev.postern.smtp.ReversePath;
import dev.postern.srs.Rewriting;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Mail from elsewhere that an alias leads to another server goes on so that it is believed there: what DMARC will come
/// to there is foretold, and where that is nothing good, what the operator wants is done. What nobody should believe
/// is not led on at all.
///
/// It is asked after {@link AuthenticationPolicy}, and knows what that found.
public final class ForwardPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "forward-forecast";

    private static final Reply LATER =
            Reply.of(451, "4.7.1", "whether this message can be forwarded cannot be told now");

    private final Directory directory;
    private final ForwardSettings settings;
    private final ForwardSeal seal;
    private final InstantSource clock;

    /// @param directory tells which recipients are led away
    /// @param seal seals what goes on
    /// @param clock tells when
    public ForwardPolicy(Directory directory, ForwardSettings settings, ForwardSeal seal, InstantSource clock) {
        this.directory = directory;
        this.settings = settings;
        this.seal = seal;
        this.clock = clock;
    }

    @Override
    public Verdict content(SessionFacts session, ContentFacts content) {
        Optional<AuthenticationReport> report = content.findings().sender();
        if (report.isEmpty()) {
            return Verdict.noOpinion();
        }
        LedAway led = LedAway.of(content.envelope(), directory);
        if (led.recipients().isEmpty()) {
            return Verdict.noOpinion();
        }
        Optional<DomainName> sender = senderThere(content.envelope().reversePath());
        Forward forward = new Forward(content, report.get(), led, ForwardForecast.of(report.get(), sender));
        try {
            return judge(forward);
        } catch (IOException e) {
            String why = "the content cannot be read: " + e.getMessage();
            return new Verdict.Defer(RULE, why, inputs(forward), LATER);
        }
    }

    /// One message that is led away.
    private record Forward(ContentFacts content, AuthenticationReport report, LedAway led, ForwardForecast forecast) {}

    /// The domain that SPF will be asked about at the next hop, where we may send for it.
    private Optional<DomainName> senderThere(ReversePath sender) {
        return switch (sender) {
            case NullPath _ -> Optional.empty();
            case Mailbox mailbox ->
                settings.rewriting().flatMap(rewriting -> {
                    Mailbox there = rewriting.forward(mailbox) instanceof Rewriting.Rewritten(Mailbox address, String _)
                            ? address
                            : mailbox;
                    return !rewriting.isAway(there) && there.host() instanceof Host.Domain(DomainName domain)
                            ? Optional.of(domain)
                            : Optional.empty();
                });
        };
    }

    private Map<String, String> inputs(Forward forward) {
        Map<String, String> inputs = new LinkedHashMap<>();
        inputs.put(
                "led-away",
                forward.led().recipients().stream().map(ForwardPath::toString).collect(Collectors.joining(", ")));
        inputs.put("forecast", forward.forecast().word());
        inputs.put("dmarc-here", forward.report().dmarc().outcome().toString());
        inputs.put("unprovable", settings.unprovable().word());
        return inputs;
    }

    private Verdict judge(Forward forward) throws IOException {
        boolean vouched = AuthenticationPolicy.isVouchedFor(settings.authentication(), forward.report());
        if (forward.report().dmarc().policy() == DmarcPolicy.REJECT && !vouched) {
            return keptBack(forward);
        }
        boolean proven = vouched || forward.report().dmarc().outcome() == DmarcOutcome.PASS;
        return switch (forward.forecast()) {
            case ForwardForecast.Passes _, ForwardForecast.Unprotected _ -> sentOn(forward, "");
            case ForwardForecast.Quarantined(DomainName author, String _) -> unprovable(forward, author, proven);
            case ForwardForecast.Refused(DomainName author, String _) -> unprovable(forward, author, proven);
        };
    }

    /// What nobody should believe, and its author's domain wants refused, we do not lend our name to. Its sender is
    /// told by who brought it; there is nobody else whom a report would reach.
    private Verdict keptBack(Forward forward) throws IOException {
        String why = forward.report().dmarc().why();
        if (forward.led().everybody()) {
            return new Verdict.Reject(
                    RULE,
                    "it is not forwarded: " + why,
                    inputs(forward),
                    Reply.of(
                            550,
                            "5.7.1",
                            "this address is forwarded, and what its author's domain asks to refuse (DMARC) is not"));
        }
        forward.content().onward().become(new Onward.Held());
        return sealed(forward, "the copies that lead away are held, since it should not be forwarded: " + why);
    }

    private Verdict unprovable(Forward forward, DomainName author, boolean proven) throws IOException {
        return switch (settings.unprovable()) {
            case Unprovable.Send _ -> sentOn(forward, "; it is sent on as it is");
            case Unprovable.Refuse _ when forward.led().everybody() -> refused(forward, author);
            case Unprovable.Refuse _ -> sentOn(forward, "; others get it here, so it is sent on as it is");
            case Unprovable.Rewrite _, Unprovable.Wrap _
            when !proven -> sentOn(forward, "; nothing shows here who the author is, so it does not go on in our name");
            case Unprovable.Rewrite(Unprovable.OurName name) -> inOurName(forward, name, this::rewritten);
            case Unprovable.Wrap(Unprovable.OurName name) -> inOurName(forward, name, this::wrapped);
        };
    }

    private Verdict refused(Forward forward, DomainName author) {
        return new Verdict.Reject(
                RULE,
                forward.forecast().why(),
                inputs(forward),
                Reply.of(
                        550,
                        "5.7.1",
                        "this address is forwarded, and nothing would show there that this message is from " + author
                                + " (DMARC); it needs a DKIM signature of that domain"));
    }

    private Verdict sentOn(Forward forward, String but) throws IOException {
        return sealed(forward, forward.forecast().why() + but);
    }

    /// Puts the next set of the chain on top of a message that goes on as it is.
    private Verdict sealed(Forward forward, String why) throws IOException {
        Optional<ForwardSeal.Seal> next = next(forward);
        boolean done = false;
        if (next.isPresent()) {
            try (InputStream octets = forward.content().content().open()) {
                MessageReader message = MessageReader.read(octets, CopyForm.LONGEST_HEADER);
                done = forward.content().stamps().add(next.get().stamp(), message, clock.instant());
            }
        }
        return new Verdict.Accept(RULE, done ? why + "; sealed by " + next.get().by() : why, inputs(forward));
    }

    private Optional<ForwardSeal.Seal> next(Forward forward) {
        String results =
                forward.report().results(settings.authentication().authservId()).payload(false);
        return seal.of(forward.led().recipients(), forward.report(), results);
    }

    /// A way to change a message.
    @FunctionalInterface
    private interface Change {
        Onward.Changed of(Forward forward, Unprovable.OurName name, StandIn author);
    }

    private Verdict inOurName(Forward forward, Unprovable.OurName name, Change change) throws IOException {
        List<Mailbox> authors =
                forward.report().author() instanceof Author.Named named ? StandIn.reachable(named) : List.of();
        if (authors.isEmpty()) {
            return sentOn(forward, "; its author has no address that can be written to, so it is sent on as it is");
        }
        return switch (name.addresses().forward(authors.getFirst())) {
            case Rewriting.Kept(String why) ->
                sentOn(forward, "; no address of ours can stand in for the author, since " + why);
            case Rewriting.Rewritten(Mailbox address, String _) -> {
                Optional<StandIn> author = StandIn.of(from(forward), authors, address, name.domain());
                if (author.isEmpty()) {
                    yield sentOn(forward, "; readers would disagree on <" + address + ">, so it is sent on as it is");
                }
                Onward.Changed changed = change.of(forward, name, author.get());
                forward.content().onward().become(changed);
                String why = forward.forecast().why() + "; what leads away goes on from <" + address + ">, "
                        + changed.form().word() + " and signed by us";
                yield forward.led().everybody() ? new Verdict.Accept(RULE, why, inputs(forward)) : sealed(forward, why);
            }
        };
    }

    private static HeaderField from(Forward forward) throws IOException {
        try (InputStream octets = forward.content().content().open()) {
            return MessageReader.read(octets, CopyForm.LONGEST_HEADER)
                    .header()
                    .first("From")
                    .orElseThrow(() -> new IllegalStateException("an author without a From field"));
        }
    }

    /// Our results and our seal are above our signature, so that the chain tells what became of the message.
    private Onward.Changed rewritten(Forward forward, Unprovable.OurName name, StandIn author) {
        List<MessageStamp> stamps = new ArrayList<>();
        stamps.add(name.signer());
        next(forward).map(ForwardSeal.Seal::stamp).ifPresent(stamps::add);
        return new Onward.Changed(
                new RewrittenAuthor(author), forward.content().stamps().text(), stamps);
    }

    /// Our results speak of what is within, so they do not stand on the outside.
    private Onward.Changed wrapped(Forward forward, Unprovable.OurName name, StandIn author) {
        WrappedMessage.Cover cover = new WrappedMessage.Cover(
                clock.instant(),
                forward.content().id() + ".forward",
                name.domain(),
                forward.led().only());
        return new Onward.Changed(new WrappedMessage(author, cover), "", List.of(name.signer()));
    }
}
