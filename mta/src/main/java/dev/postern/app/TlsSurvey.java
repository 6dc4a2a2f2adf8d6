package dev.postern.app;

import dev.postern.app.TlsFindings.Contact;
import dev.postern.app.TlsFindings.OfHost;
import dev.postern.app.TlsFindings.Outcome;
import dev.postern.app.TlsFindings.Result;
import dev.postern.dns.DomainName;
import dev.postern.route.Candidate;
import dev.postern.route.Exchangers;
import dev.postern.route.MailExchangers;
import dev.postern.route.Route;
import dev.postern.route.SmarthostSettings;
import dev.postern.smtp.Extension;
import dev.postern.smtp.Host;
import dev.postern.smtpclient.DialogueListener;
import dev.postern.smtpclient.Opening;
import dev.postern.smtpclient.SessionOpener;
import dev.postern.smtpclient.SessionPlan;
import dev.postern.smtpclient.SmtpClient;
import dev.postern.smtpclient.Step;
import dev.postern.smtpclient.TlsChoice;
import dev.postern.tls.CertificateCheck;
import dev.postern.tls.ClientTls;
import dev.postern.tlspolicy.TlsRequirement;
import dev.postern.tlspolicy.dane.DaneFinding;
import dev.postern.tlspolicy.hops.DestinationPolicies;
import dev.postern.tlspolicy.hops.HopDecision;
import dev.postern.tlspolicy.hops.HopHost;
import dev.postern.tlspolicy.hops.HopPolicy;
import dev.postern.tlspolicy.hops.Target;
import dev.postern.tlspolicy.hops.TlsWish;
import dev.postern.tlspolicy.mtasts.StsFinding;
import dev.postern.transport.CertificateChecks;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Does what a sender does before the first MAIL: looks for the hosts of a mail domain, for what they must prove, and
/// whether they do.
final class TlsSurvey {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ADDRESSES_OF_A_HOST = 4;

    private final MailExchangers exchangers;
    private final Ground ground;
    private final Wanted wanted;

    /// What is asked and by whom.
    record Ground(OutboundTls.Sources sources, ClientTls tls, SessionOpener opener, InstantSource clock) {}

    /// What is looked for.
    ///
    /// @param port of the hosts
    /// @param requireTls whether for mail that requires TLS all the way
    /// @param connect whether hosts are spoken with
    record Wanted(int port, boolean requireTls, boolean connect) {}

    TlsSurvey(MailExchangers exchangers, Ground ground, Wanted wanted) {
        this.exchangers = exchangers;
        this.ground = ground;
        this.wanted = wanted;
    }

    /// What is found of a mail domain.
    TlsFindings of(DomainName domain) {
        Target target = new Target.MailDomain(domain, wanted.port());
        Exchangers found = exchangers.of(new Route.Mx(new Host.Domain(domain), wanted.port(), false, Optional.empty()));
        return look(
                domain.text(), found, target, Optional.of(ground.sources().sts().of(domain)));
    }

    /// What is found of one host as a next hop.
    TlsFindings of(Host host) {
        String name = HopHost.of(host, false).text();
        Exchangers found = exchangers.of(new SmarthostSettings(
                name, host, wanted.port(), SmarthostSettings.Tls.OPPORTUNISTIC, Optional.empty()));
        return look(name, found, new Target.GivenHost(name, wanted.port(), false), Optional.empty());
    }

    private TlsFindings look(String name, Exchangers found, Target target, Optional<StsFinding> policy) {
        return switch (found) {
            case Exchangers.Never never ->
                nowhere(
                        name,
                        never,
                        policy,
                        new Outcome(Result.RETURNED, "mail for " + name + " would be returned: " + never.why()));
            case Exchangers.Later later ->
                nowhere(
                        name,
                        later,
                        policy,
                        new Outcome(Result.DEFERRED, "mail for " + name + " would be deferred: " + later.why()));
            case Exchangers.Hosts hosts -> {
                List<OfHost> all = hosts(hosts.candidates(), target);
                yield new TlsFindings(name, hosts.evidence(), policy, all, TlsFindings.of(name, all));
            }
        };
    }

    private static TlsFindings nowhere(String name, Exchangers found, Optional<StsFinding> policy, Outcome outcome) {
        return new TlsFindings(name, found.evidence(), policy, List.of(), outcome);
    }

    private List<OfHost> hosts(List<Candidate> candidates, Target target) {
        HopPolicy.Way way = new HopPolicy(
                        HopPolicy.Usual.PUBLISHED,
                        DestinationPolicies.none(),
                        ground.sources().dane(),
                        ground.sources().sts())
                .way(target, wanted.requireTls() ? TlsWish.REQUIRED : TlsWish.USUAL);
        Map<HopHost, List<Candidate>> byHost = new LinkedHashMap<>();
        candidates.forEach(candidate -> byHost.computeIfAbsent(
                        HopHost.of(candidate.host(), candidate.hostAuthentic()), _ -> new ArrayList<>())
                .add(candidate));
        List<OfHost> all = new ArrayList<>();
        byHost.forEach((host, addresses) -> all.add(host(host, addresses, way)));
        return all;
    }

    private OfHost host(HopHost host, List<Candidate> candidates, HopPolicy.Way way) {
        Optional<DaneFinding> dane =
                host.name().map(name -> ground.sources().dane().of(name, wanted.port()));
        HopDecision decision = way.decide(host);
        Optional<Contact> contact =
                wanted.connect() ? Optional.of(contact(host, candidates, decision)) : Optional.empty();
        return new OfHost(
                host.text(),
                candidates.getFirst().preference(),
                host.authentic(),
                candidates.stream().map(Candidate::address).toList(),
                dane,
                decision,
                contact,
                TlsFindings.judge(decision, contact, wanted.requireTls()));
    }

    /// Speaks with the first address that answers.
    private Contact contact(HopHost host, List<Candidate> candidates, HopDecision decision) {
        Contact last = null;
        for (Candidate candidate : candidates.subList(0, Math.min(candidates.size(), ADDRESSES_OF_A_HOST))) {
            last = contact(host, new Endpoint.Inet(candidate.address(), wanted.port()), decision);
            if (!(last instanceof Contact.Failed failed && failed.step() == Step.CONNECT)) {
                return last;
            }
        }
        if (last == null) {
            throw new IllegalStateException(host + " without an address");
        }
        return last;
    }

    /// Whatever is required, the session is opened as far as it goes: there is more to be seen.
    private Contact contact(HopHost host, Endpoint.Inet at, HopDecision decision) {
        Optional<TlsRequirement> requirement =
                decision instanceof HopDecision.Use use ? Optional.of(use.requirement()) : Optional.empty();
        String name = requirement.map(must -> must.serverName(host.text())).orElse(host.text());
        CertificateChecks checks =
                new CertificateChecks(ground.tls().roots(), ground.sources().matching(), ground.clock());
        CertificateCheck check = requirement.map(checks::of).orElseGet(() -> checks.named(List.of(host.text())));
        SessionPlan plan =
                SessionPlan.smtp(new TlsChoice.Opportunistic(ground.tls().checked(name, check)));
        return switch (ground.opener().open(at, plan, Deadline.after(PATIENCE), DialogueListener.none())) {
            case Opening.Failed failed -> new Contact.Failed(at, failed.step(), failed.why());
            case Opening.Ready(SmtpClient client) -> {
                try (client) {
                    yield client.tls()
                            .<Contact>map(state -> new Contact.Secured(
                                    at, state, client.capabilities().has(Extension.REQUIRETLS)))
                            .orElseGet(() -> new Contact.Clear(at));
                }
            }
        };
    }
}
