package dev.postern.route;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.smtp.Host;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is remembered of the exchangers of mail domains, and so which of them wait in one lane: those that have the
/// same {@link Site}, the same port, and nothing of their own in the configuration, or the same.
///
/// Lanes are named from memory alone, so that a message is sorted at once; what is not remembered has a lane of its own
/// until somebody has asked ({@link #place}). A name is remembered as long as DNS allows, but within bounds, and named
/// after that until somebody asks again.
///
/// A domain shares with nobody where it lists no exchangers, takes no mail, is one that we are a backup for, could not
/// be asked or only slowly, or was set apart since what it publishes or demands kept its mail back: so that nobody's
/// trouble with their own domain rests a lane that others wait in.
///
/// Touched by any number of threads; `lock` guards `known`.
public final class Sites {
    /// How many domains are remembered; beyond it the one that was asked for first is forgotten.
    static final int MOST = 20_000;

    static final Duration SHORTEST = Duration.ofMinutes(1);
    static final Duration LONGEST = Duration.ofHours(1);

    /// How long a domain that is in the way of others stays by itself.
    static final Duration APART = Duration.ofMinutes(10);

    /// How long an answer may take from a domain that shares its lane.
    static final Duration SLOW = Duration.ofSeconds(2);

    private static final String SHARED = "site:";

    /// The parts of the name of a shared lane: first host, digest, port, terms.
    private static final Pattern NAME = Pattern.compile(SHARED + "([^+:/]+)(?:\\+[^:/]*)?(?::\\d+)?(?:/(.+))?");

    private final Resolver resolver;
    private final InstantSource clock;
    private final Terms terms;
    private final ReentrantLock lock = new ReentrantLock();
    private final SequencedMap<DomainName, Memory> known = new LinkedHashMap<>();

    /// Tells what the configuration has for mail domains in particular; quick, from memory.
    @FunctionalInterface
    public interface Terms {
        /// A name for what it has for a domain, the same for domains with the same; empty text for nothing.
        String of(DomainName domain);
    }

    /// The exchangers of a domain, and the lane in which its mail waits beside that of others.
    ///
    /// @param authentic whether DNSSEC vouches for them being the exchangers of this domain
    public record Place(Site site, String lane, boolean authentic) {}

    /// @param name of the site in lanes
    private record Shared(Site site, String name, boolean authentic) {}

    /// @param shared empty for a domain that shares with nobody
    /// @param apart whether it could, but shall not
    private record Memory(Optional<Shared> shared, boolean apart, Instant until) {}

    /// @param resolver asked for exchangers that are not remembered
    /// @param terms for which domains the configuration has something in particular
    public Sites(Resolver resolver, InstantSource clock, Terms terms) {
        this.resolver = resolver;
        this.clock = clock;
        this.terms = terms;
    }

    /// Whether a lane is one that several mail domains may share.
    public static boolean isShared(String lane) {
        return lane.startsWith(SHARED);
    }

    /// The first of the exchangers of a lane that several mail domains may share; empty for any other lane.
    public static Optional<DomainName> firstHost(String lane) {
        return Optional.of(NAME.matcher(lane))
                .filter(Matcher::matches)
                .flatMap(name -> DomainName.parse(name.group(1)));
    }

    /// The {@link Terms} of a lane that several mail domains may share; empty where it has none.
    public static Optional<String> terms(String lane) {
        return Optional.of(NAME.matcher(lane)).filter(Matcher::matches).map(name -> name.group(2));
    }

    /// The lane of a route, as far as is remembered; quick.
    public String lane(Route route) {
        return known(route)
                .flatMap(memory -> place(route, memory))
                .map(Place::lane)
                .orElseGet(route::lane);
    }

    /// The lane of a route as it is now; asks DNS where that is not remembered, or no longer.
    public String lookUp(Route route) {
        Optional<DomainName> domain = domain(route);
        if (domain.isPresent() && known(route).filter(this::isFresh).isEmpty()) {
            ask(domain.get());
        }
        return lane(route);
    }

    /// Where the mail of a route waits beside that of others, if it does and that is still to be relied on.
    public Optional<Place> place(Route route) {
        return known(route).filter(this::isFresh).flatMap(memory -> place(route, memory));
    }

    /// The mail of a route is to be kept apart from that of others for a while.
    public void setApart(Route route) {
        domain(route)
                .ifPresent(domain -> remember(
                        domain,
                        new Memory(Optional.empty(), true, clock.instant().plus(APART))));
    }

    /// Learns what DNS said of the exchangers of a domain.
    void learn(DomainName domain, DnsAnswer<MxRecord> answer) {
        Instant now = clock.instant();
        Memory memory = switch (answer) {
            case DnsAnswer.Found<MxRecord>(List<MxRecord> records, DomainName _, Duration ttl, boolean vouched) ->
                new Memory(
                        Site.of(records).map(site -> new Shared(site, SHARED + site.name(), vouched)),
                        false,
                        now.plus(bounded(ttl)));
            case DnsAnswer.NoData<MxRecord> none -> new Memory(Optional.empty(), false, now.plus(bounded(none.ttl())));
            case DnsAnswer.NoDomain<MxRecord> none ->
                new Memory(Optional.empty(), false, now.plus(bounded(none.ttl())));
            case DnsAnswer.Failed<MxRecord> _ -> new Memory(Optional.empty(), false, now.plus(SHORTEST));
        };
        lock.lock();
        try {
            Memory before = known.get(domain);
            if (before == null || !before.apart() || !isFresh(before)) {
                remember(domain, memory);
            }
        } finally {
            lock.unlock();
        }
    }

    /// How many domains are remembered.
    int size() {
        lock.lock();
        try {
            return known.size();
        } finally {
            lock.unlock();
        }
    }

    private static Duration bounded(Duration ttl) {
        return ttl.compareTo(SHORTEST) < 0 ? SHORTEST : ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
    }

    private void ask(DomainName domain) {
        Instant began = clock.instant();
        DnsAnswer<MxRecord> answer = resolver.resolve(domain, RecordType.MX);
        Instant now = clock.instant();
        if (Duration.between(began, now).compareTo(SLOW) > 0) {
            remember(domain, new Memory(Optional.empty(), true, now.plus(APART)));
        } else {
            learn(domain, answer);
        }
    }

    private void remember(DomainName domain, Memory memory) {
        lock.lock();
        try {
            known.remove(domain);
            known.put(domain, memory);
            if (known.size() > MOST) {
                known.pollFirstEntry();
            }
        } finally {
            lock.unlock();
        }
    }

    private Optional<Memory> known(Route route) {
        Optional<DomainName> domain = domain(route);
        if (domain.isEmpty()) {
            return Optional.empty();
        }
        lock.lock();
        try {
            return Optional.ofNullable(known.get(domain.get()));
        } finally {
            lock.unlock();
        }
    }

    private boolean isFresh(Memory memory) {
        return clock.instant().isBefore(memory.until());
    }

    private Optional<Place> place(Route route, Memory memory) {
        return route instanceof Route.Mx mx
                ? memory.shared().map(shared -> new Place(shared.site(), lane(shared, mx), shared.authentic()))
                : Optional.empty();
    }

    private String lane(Shared shared, Route.Mx route) {
        String own = domain(route).map(terms::of).orElse("");
        String port = route.port() == RouteSettings.SMTP_PORT ? "" : ":" + route.port();
        return port.isEmpty() && own.isEmpty()
                ? shared.name()
                : shared.name() + port + (own.isEmpty() ? "" : "/" + own);
    }

    /// The mail domain of a route that may share its lane.
    private static Optional<DomainName> domain(Route route) {
        return route instanceof Route.Mx mx && !mx.backup() && mx.host() instanceof Host.Domain(DomainName name)
                ? Optional.of(name)
                : Optional.empty();
    }
}
