package dev.postern.mailauth;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.ArrayList;
import java.util.List;

/// A resolver that remembers what it was asked and what came back, as evidence for one result. Used
/// by one thread.
public final class WitnessedResolver implements Resolver {
    private static final int MOST = 150;

    private final Resolver resolver;
    private final List<DnsEvidence> evidence = new ArrayList<>();

    public WitnessedResolver(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
        DnsAnswer<R> answer = resolver.resolve(name, type);
        if (evidence.size() < MOST) {
            evidence.add(DnsEvidence.of(name, type, answer));
        }
        return answer;
    }

    /// What was seen so far, the first 150 answers in their order.
    public List<DnsEvidence> evidence() {
        return List.copyOf(evidence);
    }
}
