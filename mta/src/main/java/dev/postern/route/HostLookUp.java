package dev.postern.route;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.smtp.Host;
import dev.postern.wire.AddressScope;
import dev.postern.wire.Deadline;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One look-up in progress: asks for the addresses of hosts, sorts out what must not be connected to, and keeps the
/// evidence; used once, by one thread.
final class HostLookUp {
    /// How many addresses of one host and family are tried, so that no host crowds out the others.
    private static final int MAX_FROM_ONE_ANSWER = 5;

    private static final int MAX_RECORDS_IN_WORDS = 20;

    private final Resolver resolver;
    private final ExchangerSettings settings;
    private final int port;
    private final boolean anyScope;
    private final Deadline deadline;
    private final List<Exchangers.LookUp> evidence = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final Set<InetAddress> seen = new HashSet<>();
    private int ownPreference = Integer.MAX_VALUE;
    private boolean someUnknown;
    private @Nullable InetAddress unfit;

    /// @param anyScope whether addresses that are not public will do
    HostLookUp(Resolver resolver, ExchangerSettings settings, int port, boolean anyScope) {
        this.resolver = resolver;
        this.settings = settings;
        this.port = port;
        this.anyScope = anyScope;
        this.deadline = Deadline.after(settings.patience());
    }

    /// Asks one question and notes the answer.
    <R> DnsAnswer<R> ask(DomainName name, RecordType<R> type) {
        DnsAnswer<R> answer = resolver.resolve(name, type);
        evidence.add(new Exchangers.LookUp(type + " " + name, words(name, answer)));
        return answer;
    }

    /// Asks for the addresses of one host.
    ///
    /// @param preference of the host among the exchangers
    /// @param authentic whether DNSSEC vouches for the host being an exchanger
    void addresses(DomainName host, int preference, boolean authentic) {
        if (settings.families() != IpFamilies.IPV4) {
            take(host, preference, authentic, ask(host, RecordType.AAAA));
        }
        if (settings.families() != IpFamilies.IPV6) {
            take(host, preference, authentic, ask(host, RecordType.A));
        }
    }

    private void take(DomainName host, int preference, boolean authentic, DnsAnswer<? extends InetAddress> answer) {
        switch (answer) {
            case DnsAnswer.Found<? extends InetAddress> found -> {
                Host canonical = new Host.Domain(found.canonical());
                int taken = 0;
                for (InetAddress address : found.records()) {
                    Candidate candidate = new Candidate(
                            new Host.Domain(host), canonical, address, preference, authentic, found.authentic());
                    if (fits(candidate) && taken < MAX_FROM_ONE_ANSWER) {
                        candidates.add(candidate);
                        taken++;
                    }
                }
            }
            case DnsAnswer.Failed<? extends InetAddress> failed -> someUnknown = true;
            case DnsAnswer.NoData<? extends InetAddress> none -> {}
            case DnsAnswer.NoDomain<? extends InetAddress> none -> {}
        }
    }

    /// Takes a host that is given by its address.
    void literal(Host.AddressLiteral literal) {
        Candidate candidate = new Candidate(literal, literal, literal.address(), 0, false, false);
        if (fits(candidate)) {
            candidates.add(candidate);
        }
    }

    private boolean fits(Candidate candidate) {
        InetAddress address = AddressScope.unmapped(candidate.address());
        if (settings.ownEndpoints().contains(new Endpoint.Inet(address, port))) {
            noteOurselves(candidate.preference());
            return false;
        }
        if (!anyScope && AddressScope.of(address) != AddressScope.PUBLIC) {
            unfit = address;
            return false;
        }
        return seen.add(address);
    }

    /// Notes that this server itself is an exchanger of this preference: no host as bad or worse is tried.
    void noteOurselves(int preference) {
        ownPreference = Math.min(ownPreference, preference);
    }

    /// The preference of this server among the exchangers; the largest number where it is none of them, as far as
    /// known.
    int ownPreference() {
        return ownPreference;
    }

    /// Whether it is time to stop asking for further hosts: there are addresses enough, or patience is at its end.
    boolean isEnough() {
        if (candidates.size() >= settings.maxAddresses()) {
            return true;
        }
        boolean late = deadline.passed();
        someUnknown |= late;
        return late;
    }

    /// Whether a host may have addresses that could not be learnt now.
    boolean someUnknown() {
        return someUnknown;
    }

    /// Whether this server itself is among the hosts.
    boolean foundOurselves() {
        return ownPreference != Integer.MAX_VALUE;
    }

    /// An address that was left out since it is not public.
    Optional<InetAddress> unfit() {
        return Optional.ofNullable(unfit);
    }

    /// The addresses to try, in order.
    List<Candidate> ordered() {
        List<Candidate> better = candidates.stream()
                .filter(candidate -> candidate.preference() < ownPreference)
                .toList();
        return ExchangerOrder.takingTurns(better).stream()
                .limit(settings.maxAddresses())
                .toList();
    }

    List<Exchangers.LookUp> evidence() {
        return evidence;
    }

    private static <R> String words(DomainName asked, DnsAnswer<R> answer) {
        return switch (answer) {
            case DnsAnswer.Found<R> found ->
                found.records().stream()
                                .limit(MAX_RECORDS_IN_WORDS)
                                .map(HostLookUp::words)
                                .collect(Collectors.joining(", "))
                        + (found.records().size() > MAX_RECORDS_IN_WORDS
                                ? " and " + (found.records().size() - MAX_RECORDS_IN_WORDS) + " more"
                                : "")
                        + (found.canonical().equals(asked) ? "" : " at " + found.canonical())
                        + vouched(found.authentic());
            case DnsAnswer.NoData<R> none -> "no such record" + vouched(none.authentic());
            case DnsAnswer.NoDomain<R> none -> "no such domain" + vouched(none.authentic());
            case DnsAnswer.Failed<R> failed -> "failed: " + failed.why();
        };
    }

    private static String words(Object record) {
        return switch (record) {
            case InetAddress address -> address.getHostAddress();
            case MxRecord mx ->
                mx.preference() + " " + mx.host().map(DomainName::text).orElse(".");
            default -> record.toString();
        };
    }

    private static String vouched(boolean authentic) {
        return authentic ? " (authentic)" : "";
    }
}
