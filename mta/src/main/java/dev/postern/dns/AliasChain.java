package dev.postern.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The aliases (CNAME) that lead on from a name, each one asked for by itself, so that of each it is known whether
/// DNSSEC vouches for it.
///
/// A {@link DnsAnswer} is authentic only where the whole of it is: every alias on the way and the records at its end.
/// Where it is not, but the name is an alias, DANE has to know whether at least the first step is (RFC 7672 §2.2.2);
/// for that, and for nothing else, the chain is worth its questions.
///
/// @rfc 7672 §2.2.2
public sealed interface AliasChain {
    /// How many aliases are followed.
    int MAX_STEPS = 16;

    /// The aliases found, in their order; none where the name is no alias.
    List<Step> steps();

    /// One alias.
    ///
    /// @param alias the name that has the CNAME record
    /// @param target what it leads to
    /// @param authentic whether DNSSEC vouches for this one record
    record Step(DomainName alias, DomainName target, Duration ttl, boolean authentic) {}

    /// The chain has an end.
    ///
    /// @param end the name that is no alias any more, whether it exists or not
    record Whole(List<Step> steps, DomainName end) implements AliasChain {
        public Whole {
            steps = List.copyOf(steps);
        }
    }

    /// A step is not known now (a time-out, SERVFAIL, bogus signatures), or the aliases lead in a circle or too far.
    ///
    /// @param why a few words for a human
    record Broken(List<Step> steps, String why) implements AliasChain {
        public Broken {
            steps = List.copyOf(steps);
        }
    }

    /// Whether the name is an alias, and DNSSEC vouches for its own record, whatever comes behind it.
    default boolean beginsAuthentic() {
        return !steps().isEmpty() && steps().getFirst().authentic();
    }

    /// Whether DNSSEC vouches for every step; so it does for none at all.
    default boolean isAuthentic() {
        return steps().stream().allMatch(Step::authentic);
    }

    /// Asks for the chain that begins at a name, step by step.
    static AliasChain of(Resolver resolver, DomainName name) {
        List<Step> steps = new ArrayList<>();
        Set<DomainName> seen = new HashSet<>();
        DomainName at = name;
        while (seen.add(at)) {
            switch (resolver.resolve(at, RecordType.CNAME)) {
                case DnsAnswer.Found<DomainName> found -> {
                    if (steps.size() == MAX_STEPS) {
                        return new Broken(steps, name + " leads through more than " + MAX_STEPS + " aliases");
                    }
                    DomainName target = found.records().getFirst();
                    steps.add(new Step(at, target, found.ttl(), found.authentic()));
                    at = target;
                }
                case DnsAnswer.NoData<DomainName> _, DnsAnswer.NoDomain<DomainName> _ -> {
                    return new Whole(steps, at);
                }
                case DnsAnswer.Failed<DomainName>(String why) -> {
                    return new Broken(steps, why);
                }
            }
        }
        return new Broken(steps, "the aliases of " + name + " lead in a circle at " + at);
    }
}
