package dev.postern.tlspolicy.mtasts;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.event.Event;
import dev.postern.spool.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/// Mail domains that announce and have policies as a test wants it.
final class StsWorld implements Resolver, PolicyFetcher {
    static final DomainName EXAMPLE = DomainName.of("example.org");

    final ManualClock clock = ManualClock.atNoon();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<URI> fetched = new CopyOnWriteArrayList<>();
    private final Map<DomainName, DnsAnswer<String>> texts = new ConcurrentHashMap<>();
    private final Map<String, Answer> files = new ConcurrentHashMap<>();

    /// A policy file that lasts a week.
    static String enforcing(String... hosts) {
        return "version: STSv1\nmode: enforce\nmx: " + String.join("\nmx: ", hosts) + "\nmax_age: 604800\n";
    }

    StsPolicies policies(StsSettings settings, PolicyFetcher fetcher, Executor background) {
        return new StsPolicies(settings, new StsPolicies.Ground(this, fetcher, background, clock, events::add));
    }

    StsPolicies policies() {
        return policies(StsSettings.usual(), this, Runnable::run);
    }

    void announce(DomainName domain, String id) {
        answer(domain, new DnsAnswer.Found<>(List.of("v=STSv1; id=" + id + ";"), domain, Duration.ofMinutes(1), false));
    }

    void answer(DomainName domain, DnsAnswer<String> answer) {
        texts.put(domain.below("_mta-sts").orElseThrow(), answer);
    }

    void serve(DomainName domain, String file) {
        serve(domain, new Answer.Answered(200, Optional.of("text/plain"), file, true));
    }

    void serve(DomainName domain, Answer answer) {
        files.put("https://mta-sts." + domain + "/.well-known/mta-sts.txt", answer);
    }

    List<String> eventNames() {
        return events.stream().map(event -> event.getClass().getSimpleName()).toList();
    }

    @Override
    @SuppressWarnings("unchecked") // only texts are asked for
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        if (!type.equals(RecordType.TXT)) {
            throw new AssertionError("asked for " + type + " " + name);
        }
        return (DnsAnswer<R>) texts.getOrDefault(name, new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false));
    }

    @Override
    public Answer fetch(URI address) {
        fetched.add(address);
        return files.getOrDefault(address.toString(), new Answer.Failed("it is not reached"));
    }
}
