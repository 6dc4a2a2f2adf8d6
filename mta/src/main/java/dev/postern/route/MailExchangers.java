package dev.postern.route;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.wire.AddressScope;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Looks up the hosts that take mail for a domain, in the order in which they are to be tried; may be shared by all
/// threads.
///
/// Deviates: RFC 5321 §5.1 knows no bound and no address that is not public; see {@link ExchangerSettings}. An
/// exchanger that is an alias is against RFC 2181 §10.3, but met in the field, and followed.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5321 RFC 5321
/// @rfc 5321 §5.1
/// @rfc 7505 §3
public final class MailExchangers {
    private static final EnhancedStatus NO_SUCH_DOMAIN = EnhancedStatus.of("5.1.2");
    private static final EnhancedStatus NULL_MX = EnhancedStatus.of("5.1.10");
    private static final EnhancedStatus NO_HOST = EnhancedStatus.of("5.4.4");
    private static final EnhancedStatus LOOP = EnhancedStatus.of("5.4.6");
    private static final EnhancedStatus DNS_FAILED = EnhancedStatus.of("4.4.3");
    private static final EnhancedStatus NO_HOST_NOW = EnhancedStatus.of("4.4.4");
    private static final EnhancedStatus MISCONFIGURED = EnhancedStatus.of("4.3.5");

    private final Resolver resolver;
    private final ExchangerSettings settings;
    private final RandomGenerator random;
    private final @Nullable Sites sites;

    /// @param random decides the order among exchangers of equal preference; shared by all threads that look up
    public MailExchangers(Resolver resolver, ExchangerSettings settings, RandomGenerator random) {
        this(resolver, settings, random, null);
    }

    private MailExchangers(
            Resolver resolver, ExchangerSettings settings, RandomGenerator random, @Nullable Sites sites) {
        this.resolver = resolver;
        this.settings = settings;
        this.random = random;
        this.sites = sites;
    }

    /// The same, which has what it learns remembered.
    public MailExchangers remembering(Sites memory) {
        return new MailExchangers(resolver, settings, random, memory);
    }

    /// The exchangers that a route has in common with others, as far as is remembered.
    public Optional<Sites.Place> place(Route route) {
        return sites == null ? Optional.empty() : sites.place(route);
    }

    /// Where mail for a domain, or for an address literal, is handed over.
    public Exchangers of(Route.Mx route) {
        return switch (route.host()) {
            case Host.AddressLiteral literal -> literal(literal, route.port());
            case Host.Domain domain -> domain(domain.name(), route.port());
        };
    }

    /// Where a given host is reached: by its addresses alone, of whatever scope. A host that does not exist is a
    /// mistake in the configuration, or in passing, and so never a reason to return mail.
    public Exchangers of(SmarthostSettings given) {
        HostLookUp lookUp = new HostLookUp(resolver, settings, given.port(), true);
        switch (given.host()) {
            case Host.AddressLiteral literal -> lookUp.literal(literal);
            case Host.Domain domain -> lookUp.addresses(domain.name(), 0, false);
        }
        List<Candidate> candidates = lookUp.ordered();
        if (!candidates.isEmpty()) {
            return new Exchangers.Hosts(candidates, lookUp.evidence());
        }
        if (lookUp.foundOurselves()) {
            return new Exchangers.Later(
                    MISCONFIGURED, "the host " + given.name() + " is this server itself", lookUp.evidence());
        }
        return lookUp.someUnknown()
                ? new Exchangers.Later(
                        DNS_FAILED, "the address of " + given.host() + " cannot be looked up now", lookUp.evidence())
                : new Exchangers.Later(NO_HOST_NOW, "the host " + given.host() + " has no address", lookUp.evidence());
    }

    private Exchangers literal(Host.AddressLiteral literal, int port) {
        AddressScope scope = AddressScope.of(literal.address());
        if (settings.ownEndpoints().contains(new Endpoint.Inet(AddressScope.unmapped(literal.address()), port))) {
            return new Exchangers.Never(LOOP, "mail for " + literal + " loops back to this server", List.of());
        }
        if (scope != AddressScope.PUBLIC && !settings.notPublic()) {
            return new Exchangers.Never(
                    NO_HOST, literal + " is a " + scope + " address, to which no mail is sent from here", List.of());
        }
        return new Exchangers.Hosts(
                List.of(new Candidate(literal, literal, literal.address(), 0, false, false)), List.of());
    }

    private Exchangers domain(DomainName domain, int port) {
        HostLookUp lookUp = new HostLookUp(resolver, settings, port, settings.notPublic());
        DnsAnswer<MxRecord> answer = lookUp.ask(domain, RecordType.MX);
        if (sites != null) {
            sites.learn(domain, answer);
        }
        return switch (answer) {
            case DnsAnswer.Found<MxRecord> found -> listed(domain, found, lookUp);
            // RFC 5321 §5.1: the domain is its own exchanger, "the implicit MX"
            case DnsAnswer.NoData<MxRecord> none ->
                walk(domain, List.of(new MxRecord(0, Optional.of(domain))), none.authentic(), lookUp);
            case DnsAnswer.NoDomain<MxRecord> none ->
                new Exchangers.Never(NO_SUCH_DOMAIN, "the domain " + domain + " does not exist", lookUp.evidence());
            case DnsAnswer.Failed<MxRecord> failed ->
                new Exchangers.Later(
                        DNS_FAILED,
                        "the mail exchangers of " + domain + " cannot be looked up now: " + failed.why(),
                        lookUp.evidence());
        };
    }

    private Exchangers listed(DomainName domain, DnsAnswer.Found<MxRecord> found, HostLookUp lookUp) {
        List<MxRecord> records = new ArrayList<>(found.records());
        records.removeIf(record -> record.host().isEmpty());
        if (records.isEmpty()) {
            return new Exchangers.Never(
                    NULL_MX, "the domain " + domain + " takes no mail (null MX)", lookUp.evidence());
        }
        return walk(domain, ExchangerOrder.of(records, random), found.authentic(), lookUp);
    }

    /// Asks for the addresses of exchangers, the best first, and stops where we find ourselves.
    private Exchangers walk(DomainName domain, List<MxRecord> records, boolean authentic, HostLookUp lookUp) {
        boolean listed = records.size() > 1 || !records.getFirst().host().equals(Optional.of(domain));
        int worst = records.stream()
                .filter(record ->
                        record.host().filter(settings.ownNames()::contains).isPresent())
                .mapToInt(MxRecord::preference)
                .min()
                .orElse(Integer.MAX_VALUE);
        int looked = 0;
        for (MxRecord record : records) {
            if (record.preference() >= worst) {
                lookUp.noteOurselves(worst);
                break;
            }
            if (looked == settings.maxHosts() || (looked > 0 && lookUp.isEnough())) {
                break;
            }
            lookUp.addresses(record.host().orElseThrow(), record.preference(), authentic);
            worst = Math.min(worst, lookUp.ownPreference());
            looked++;
        }
        List<Candidate> candidates = lookUp.ordered();
        return candidates.isEmpty()
                ? nowhere(domain, listed, lookUp)
                : new Exchangers.Hosts(candidates, lookUp.evidence());
    }

    private Exchangers nowhere(DomainName domain, boolean listed, HostLookUp lookUp) {
        List<Exchangers.LookUp> evidence = lookUp.evidence();
        if (lookUp.someUnknown()) {
            return new Exchangers.Later(
                    DNS_FAILED,
                    "the addresses of the mail exchangers of " + domain + " cannot be looked up now",
                    evidence);
        }
        if (lookUp.foundOurselves()) {
            return new Exchangers.Never(
                    LOOP, "mail for " + domain + " loops back to this server, its best mail exchanger", evidence);
        }
        Optional<InetAddress> unfit = lookUp.unfit();
        if (unfit.isPresent()) {
            return new Exchangers.Never(
                    NO_HOST,
                    "the mail exchangers of " + domain + " have no public address (" + AddressScope.of(unfit.get())
                            + " " + unfit.get().getHostAddress() + ")",
                    evidence);
        }
        return new Exchangers.Never(
                NO_HOST,
                listed
                        ? "no mail exchanger of " + domain + " has an address"
                        : "the domain " + domain + " has neither a mail exchanger nor an address",
                evidence);
    }
}
