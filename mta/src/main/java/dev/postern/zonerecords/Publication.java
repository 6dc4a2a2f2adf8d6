package dev.postern.zonerecords;

import dev.postern.dns.AuthoritativeAnswer;
import dev.postern.dns.AuthoritativeResolver;
import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Asks all authoritative servers of a name, at all of their addresses, whether it has the records that it should have.
///
/// Nobody else is asked for the name: a resolver that has once heard that it does not exist says so for a while, also
/// to those who check signatures.
public final class Publication {
    /// How many addresses of name servers are asked.
    static final int MOST_ADDRESSES = 64;

    /// How many names an alias may lead to.
    static final int MOST_ALIASES = 8;

    private final Resolver resolver;
    private final AuthoritativeResolver servers;
    private final Set<DomainName> without;

    /// @param resolver tells which servers speak for a zone, and their addresses
    /// @param servers asks them
    /// @param without servers that are not asked
    public Publication(Resolver resolver, AuthoritativeResolver servers, Set<DomainName> without) {
        this.resolver = resolver;
        this.servers = servers;
        this.without = Set.copyOf(without);
    }

    /// Asks for the records of a name, such as `SELECTOR._domainkey.DOMAIN`, that is a domain or lies below one.
    ///
    /// @param domain a name that exists, at or above the other
    /// @param fault what is wrong with the records that were found, at least one, in words; empty if they are right
    public <R> Survey<R> survey(
            DomainName name, RecordType<R> type, DomainName domain, Function<List<R>, Optional<String>> fault) {
        return new Asking<>(name, type, fault).survey(domain);
    }

    /// The servers that speak for a zone.
    private record Zone(DomainName apex, List<DomainName> servers) {}

    /// One survey.
    private final class Asking<R> {
        private final DomainName asked;
        private final RecordType<R> type;
        private final Function<List<R>, Optional<String>> fault;
        private final List<ServerFinding<R>> findings = new ArrayList<>();
        private final Set<DomainName> names = new LinkedHashSet<>();
        private final Deque<DomainName> todo = new ArrayDeque<>();
        private Optional<String> trouble = Optional.empty();
        private int addresses;

        Asking(DomainName asked, RecordType<R> type, Function<List<R>, Optional<String>> fault) {
            this.asked = asked;
            this.type = type;
            this.fault = fault;
        }

        Survey<R> survey(DomainName domain) {
            names.add(asked);
            ask(
                    asked,
                    asked.equals(domain)
                            ? List.of(asked)
                            : levels(asked.parent().orElse(asked), domain));
            while (!todo.isEmpty() && trouble.isEmpty()) {
                DomainName target = todo.remove();
                ask(target, levels(target, target.parent().orElse(target)));
            }
            return new Survey<>(asked, findings, trouble);
        }

        /// Asks for one name. Where the servers that were found refer to others, a zone begins below: the first one
        /// that answers for itself is right (RFC 1034 §4.2.1).
        ///
        /// @param levels where a zone may begin, from above
        private void ask(DomainName name, List<DomainName> levels) {
            Optional<DomainName> before = Optional.empty();
            for (DomainName level : levels) {
                Optional<Zone> zone = zone(level);
                if (zone.isEmpty()) {
                    return;
                }
                if (!Optional.of(zone.get().apex()).equals(before)) {
                    before = Optional.of(zone.get().apex());
                    List<ServerFinding<R>> found = new ArrayList<>();
                    boolean referred = askAll(name, zone.get(), found);
                    if (!referred) {
                        findings.addAll(found);
                        return;
                    }
                }
            }
            fail("the servers of " + before.map(DomainName::text).orElse("") + " do not speak for " + name);
        }

        private void fail(String why) {
            trouble = trouble.or(() -> Optional.of(why));
        }

        /// The names from one down to the other.
        private static List<DomainName> levels(DomainName name, DomainName above) {
            Deque<DomainName> levels = new ArrayDeque<>();
            for (Optional<DomainName> at = Optional.of(name);
                    at.isPresent() && at.get().isWithin(above);
                    at = at.get().parent()) {
                levels.addFirst(at.get());
            }
            return List.copyOf(levels);
        }

        /// The zone that a name lies in, by the servers of the nearest name above it that has some.
        private Optional<Zone> zone(DomainName name) {
            for (Optional<DomainName> at = Optional.of(name);
                    at.isPresent();
                    at = at.get().parent()) {
                DomainName apex = at.get();
                DnsAnswer<DomainName> answer = resolver.resolve(apex, RecordType.NS);
                if (answer instanceof DnsAnswer.Failed<DomainName>(String why)) {
                    fail("the name servers of " + apex + " cannot be found: " + why);
                    return Optional.empty();
                }
                // What an alias leads to is the zone of something else.
                if (answer instanceof DnsAnswer.Found<DomainName> found
                        && found.canonical().equals(apex)) {
                    return Optional.of(new Zone(apex, found.records()));
                }
            }
            fail("nobody is known to speak for " + name);
            return Optional.empty();
        }

        /// Whether those that answered all refer to others.
        private boolean askAll(DomainName name, Zone zone, List<ServerFinding<R>> found) {
            boolean referred = false;
            boolean answered = false;
            for (DomainName server : zone.servers()) {
                if (!without.contains(server)) {
                    for (InetAddress place : addresses(server, name, found)) {
                        if (++addresses > MOST_ADDRESSES) {
                            fail("there are more than " + MOST_ADDRESSES + " addresses of name servers to ask");
                            return false;
                        }
                        ServerFinding<R> finding = finding(server, place, name);
                        referred |= finding.verdict() == ServerFinding.Verdict.REFERRAL;
                        answered |= finding.verdict().isAnswer();
                        found.add(finding);
                    }
                }
            }
            if (found.isEmpty()) {
                fail("no name server of " + zone.apex() + " is left to ask");
            }
            return referred && !answered;
        }

        private List<InetAddress> addresses(DomainName server, DomainName name, List<ServerFinding<R>> found) {
            List<InetAddress> places = new ArrayList<>();
            boolean unknown = false;
            for (RecordType<? extends InetAddress> type : List.of(RecordType.A, RecordType.AAAA)) {
                DnsAnswer<? extends InetAddress> answer = resolver.resolve(server, type);
                unknown |= answer instanceof DnsAnswer.Failed;
                places.addAll(answer.recordsOrNone());
            }
            if (unknown) {
                found.add(new ServerFinding<>(
                        server,
                        Optional.empty(),
                        name,
                        ServerFinding.Verdict.SILENT,
                        "its addresses cannot be found now",
                        Optional.empty()));
            } else if (places.isEmpty()) {
                found.add(new ServerFinding<>(
                        server,
                        Optional.empty(),
                        name,
                        ServerFinding.Verdict.NO_ADDRESS,
                        "it has no address",
                        Optional.empty()));
            }
            return places;
        }

        private ServerFinding<R> finding(DomainName server, InetAddress place, DomainName name) {
            AuthoritativeAnswer<R> answer = servers.ask(place, name, type);
            Judged judged = judge(name, answer);
            return new ServerFinding<>(
                    server, Optional.of(place), name, judged.verdict(), judged.why(), published(answer));
        }

        private Optional<PublishedSet<R>> published(AuthoritativeAnswer<R> answer) {
            return switch (answer) {
                case AuthoritativeAnswer.Found<R>(List<R> records, Duration ttl) ->
                    Optional.of(new PublishedSet<>(records, ttl));
                case AuthoritativeAnswer.NoData<R>(Duration ttl) -> Optional.of(PublishedSet.none(ttl));
                case AuthoritativeAnswer.NoDomain<R>(Duration ttl) -> Optional.of(PublishedSet.none(ttl));
                case AuthoritativeAnswer.Alias<R> _,
                        AuthoritativeAnswer.NotAuthoritative<R> _,
                        AuthoritativeAnswer.Failed<R> _,
                        AuthoritativeAnswer.NoRoute<R> _ -> Optional.empty();
            };
        }

        private Judged judge(DomainName name, AuthoritativeAnswer<R> answer) {
            return switch (answer) {
                case AuthoritativeAnswer.Found<R>(List<R> records, Duration _) ->
                    fault.apply(records)
                            .map(why -> new Judged(ServerFinding.Verdict.WRONG, why))
                            .orElse(new Judged(ServerFinding.Verdict.RIGHT, "it has the record"));
                case AuthoritativeAnswer.Alias<R>(DomainName target, Duration _) -> alias(target);
                case AuthoritativeAnswer.NoData<R> _ ->
                    new Judged(ServerFinding.Verdict.WRONG, name + " has no " + type + " record there");
                case AuthoritativeAnswer.NoDomain<R> _ ->
                    new Judged(ServerFinding.Verdict.WRONG, name + " does not exist there");
                case AuthoritativeAnswer.NotAuthoritative<R> _ ->
                    new Judged(ServerFinding.Verdict.REFERRAL, "it does not speak for " + name);
                case AuthoritativeAnswer.Failed<R>(String why) -> new Judged(ServerFinding.Verdict.SILENT, why);
                case AuthoritativeAnswer.NoRoute<R> _ ->
                    new Judged(ServerFinding.Verdict.NO_ROUTE, "there is no way to it from here");
            };
        }

        private Judged alias(DomainName target) {
            if (names.add(target)) {
                if (names.size() > MOST_ALIASES + 1) {
                    fail(asked + " leads through more than " + MOST_ALIASES + " aliases");
                }
                todo.add(target);
            }
            return new Judged(ServerFinding.Verdict.ALIAS, "it is an alias of " + target);
        }
    }

    private record Judged(ServerFinding.Verdict verdict, String why) {}
}
