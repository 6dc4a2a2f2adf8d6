package dev.postern.policy;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.arc.ArcResult;
import dev.postern.mailauth.dmarc.DmarcEvaluation;
import dev.postern.mailauth.dmarc.DmarcOutcome;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcVerifier;
import dev.postern.mailauth.results.AuthenticationResults;
import dev.postern.message.Author;
import dev.postern.message.MessageReader;
import dev.postern.smtp.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Mail from other servers must come from whom it says: the policy that the domain of its author
/// publishes is obeyed (RFC 9989 §5.3), and what was found is written on top of the message (RFC
/// 8601).
public final class AuthenticationPolicy implements Policy {
    /// The name of the rule in decisions.
    public static final String RULE = "authentication";

    private static final Reply AUTHOR = Reply.of(
            550, "5.7.1", "the From field must name one author that all readers agree on (RFC 5322 section 3.6.2)");
    private static final Reply HEADER = Reply.of(552, "5.3.4", "the header section is too long");
    private static final Reply LATER =
            Reply.of(451, "4.7.1", "whether this message is from its author cannot be told now");

    private final Predicate<SessionFacts> ours;
    private final AuthenticationSettings settings;
    private final SenderAuthentication authentication;

    /// @param ours whose mail is not looked at
    public AuthenticationPolicy(
            Predicate<SessionFacts> ours, AuthenticationSettings settings, SenderAuthentication authentication) {
        this.ours = ours;
        this.settings = settings;
        this.authentication = authentication;
    }

    @Override
    public Verdict content(SessionFacts session, ContentFacts content) {
        Optional<InetAddress> client = session.address();
        if (session.role() != ListenerRole.MX || client.isEmpty() || ours.test(session)) {
            return Verdict.noOpinion();
        }
        SenderAuthentication.Bearer bearer = new SenderAuthentication.Bearer(
                client.get(), session.helo().orElse(""), content.envelope().reversePath());
        try {
            AuthenticationReport report = authentication.check(bearer, content.content());
            content.findings().sender(report);
            content.stamps().add(report.results(settings.authservId()).field(false) + "\r\n");
            return judge(settings, report);
        } catch (MessageReader.HeaderTooLongException e) {
            return new Verdict.Reject(RULE, String.valueOf(e.getMessage()), Map.of(), HEADER);
        } catch (IOException e) {
            return new Verdict.Defer(RULE, "the content cannot be checked: " + e.getMessage(), Map.of(), LATER);
        }
    }

    /// What follows from a report.
    public static Verdict judge(AuthenticationSettings settings, AuthenticationReport report) {
        Map<String, String> inputs = report.inputs();
        Optional<Network> forwarder =
                settings.trustedForwarders().find(report.bearer().client());
        forwarder.ifPresent(network -> inputs.put("trusted-forwarder", network.toString()));
        if (report.author() instanceof Author.Malformed(String why)) {
            return new Verdict.Reject(RULE, "nobody can tell who the author is: " + why, inputs, AUTHOR);
        }
        if (report.author() instanceof Author.Named named && named.domains().size() > DmarcVerifier.MOST_AUTHORS) {
            String why = "authors of " + named.domains().size() + " domains, more than anybody checks";
            return new Verdict.Reject(RULE, why, inputs, AUTHOR);
        }
        if (report.dmarc().outcome() == DmarcOutcome.TEMPERROR && settings.deferOnDnsFailure()) {
            return new Verdict.Defer(RULE, report.dmarc().why(), inputs, LATER);
        }
        DmarcPolicy asked = report.dmarc().policy();
        boolean open = isOpen(settings, report);
        if (asked == DmarcPolicy.NONE && !open) {
            return new Verdict.Accept(RULE, report.dmarc().why(), inputs);
        }
        Optional<DomainName> voucher = voucher(settings, report);
        if (voucher.isPresent()) {
            inputs.put("trusted-sealer", voucher.get().text());
            return new Verdict.Accept(
                    RULE, voucher.get() + " had seen it pass; " + report.dmarc().why(), inputs);
        }
        if (forwarder.isPresent()) {
            return new Verdict.Accept(
                    RULE,
                    "a forwarder that is trusted brought it; " + report.dmarc().why(),
                    inputs);
        }
        if (!settings.obey()) {
            return new Verdict.Accept(RULE, "only marked; " + report.dmarc().why(), inputs);
        }
        return open
                ? new Verdict.Defer(
                        RULE, "it might have to be refused; " + report.dmarc().why(), inputs, LATER)
                : obey(settings, report, inputs);
    }

    /// Whether DNS keeps us from knowing that a message has to be refused: its author's domain is known to ask for
    /// that,
    /// and what may yet vouch for it did not answer. Anybody can name a key whose server is silent.
    private static boolean isOpen(AuthenticationSettings settings, AuthenticationReport report) {
        DmarcPolicy stake = report.dmarc().atStake();
        boolean marked =
                stake == DmarcPolicy.QUARANTINE && settings.quarantine() == AuthenticationSettings.Quarantine.MARK;
        return stake.compareTo(report.dmarc().policy()) > 0 && !marked;
    }

    /// Whether somebody whom the operator trusts answers for a message, whatever DMARC says of it.
    static boolean isVouchedFor(AuthenticationSettings settings, AuthenticationReport report) {
        return settings.trustedForwarders().find(report.bearer().client()).isPresent()
                || voucher(settings, report).isPresent();
    }

    /// The first server of a whole chain of trusted ones, if it says that the message passed there.
    private static Optional<DomainName> voucher(AuthenticationSettings settings, AuthenticationReport report) {
        ArcResult arc = report.arc();
        boolean trusted = arc.passed()
                && arc.findings().unsignedOctets() == 0
                && arc.hops().stream().allMatch(hop -> settings.trustedSealers().contains(hop.sealer()));
        return trusted
                        && AuthenticationResults.parse(arc.hops().getFirst().results())
                                .filter(AuthenticationPolicy::hasPassed)
                                .isPresent()
                ? Optional.of(arc.hops().getFirst().sealer())
                : Optional.empty();
    }

    private static boolean hasPassed(AuthenticationResults results) {
        return results.results().stream()
                .anyMatch(one -> one.method().equals("dmarc") && one.result().equals("pass"));
    }

    private static Verdict obey(
            AuthenticationSettings settings, AuthenticationReport report, Map<String, String> inputs) {
        Verdict reject = new Verdict.Reject(RULE, report.dmarc().why(), inputs, refusal(report));
        return switch (report.dmarc().policy()) {
            case NONE -> throw new IllegalStateException("nothing to obey");
            case REJECT -> reject;
            case QUARANTINE ->
                switch (settings.quarantine()) {
                    case MARK ->
                        new Verdict.Accept(RULE, "marked; " + report.dmarc().why(), inputs);
                    case HOLD -> new Verdict.Quarantine(RULE, report.dmarc().why(), inputs);
                    case REFUSE -> reject;
                };
        };
    }

    private static Reply refusal(AuthenticationReport report) {
        String author = report.dmarc()
                .deciding()
                .map(DmarcEvaluation::author)
                .map(DomainName::text)
                .orElse("the author");
        return Reply.of(
                550,
                "5.7.1",
                "neither SPF nor DKIM shows that this message is from " + author
                        + ", which asks to refuse such mail (DMARC)");
    }
}
