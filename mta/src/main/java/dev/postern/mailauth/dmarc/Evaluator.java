package dev.postern.mailauth.dmarc;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Checks one domain of an author: finds its policy, then who of those that are vouched for is
/// aligned with it. Used by one thread, once.
///
/// @rfc 9989 §5.3
final class Evaluator {
    /// How many domains that are vouched for are looked at by a walk. Domains that cannot be
    /// aligned, since they lie outside of the author's organization, need none.
    static final int MOST_WALKS = 5;

    private final DomainName author;
    private final RecordLookup lookup;
    private final Resolver resolver;
    private final Map<DomainName, Tie> ties = new HashMap<>();

    Evaluator(DomainName author, RecordLookup lookup, Resolver resolver) {
        this.author = author;
        this.lookup = lookup;
        this.resolver = resolver;
    }

    /// How a domain is tied to the author's in relaxed alignment.
    private enum Tie {
        SAME_ORGANIZATION,
        STRANGER,
        UNKNOWN
    }

    /// Whether a name is in DNS (RFC 9989 §3.2.13).
    private sealed interface Existence {
        record Exists() implements Existence {}

        record Missing() implements Existence {}

        record Unknown(String why) implements Existence {}
    }

    DmarcEvaluation evaluate(Authentications authentications) {
        return switch (discover()) {
            case Discovery.Unknown unknown -> undecided(unknown.why(), Optional.empty());
            case Discovery.Nothing _ -> simple(DmarcOutcome.NONE, "no policy record", Optional.empty());
            case Discovery.Policy found ->
                found.policy()
                        .record()
                        .policies()
                        .map(policies -> align(authentications, found.policy(), policies))
                        .orElseGet(() -> simple(
                                DmarcOutcome.PERMERROR,
                                "the policy record of " + found.policy().domain() + " is malformed",
                                Optional.of(found.policy())));
        };
    }

    /// What the search for a policy came to.
    private sealed interface Discovery {
        record Policy(PublishedPolicy policy) implements Discovery {}

        record Nothing() implements Discovery {}

        record Unknown(String why) implements Discovery {}
    }

    /// The author's own record needs no walk; else the walk decides.
    private Discovery discover() {
        if (lookup.of(author) instanceof RecordLookup.One own) {
            return new Discovery.Policy(new PublishedPolicy(author, PublishedPolicy.Source.AUTHOR, own.record()));
        }
        return switch (TreeWalk.from(author, lookup)) {
            case TreeWalk.Done done ->
                done.walk().policy().<Discovery>map(Discovery.Policy::new).orElseGet(Discovery.Nothing::new);
            case TreeWalk.Stopped stopped -> new Discovery.Unknown(stopped.why());
        };
    }

    private DmarcEvaluation align(
            Authentications authentications, PublishedPolicy published, DmarcRecord.Policies policies) {
        List<AuthenticatedDomain> aligned = new ArrayList<>();
        boolean unknown = false;
        for (AuthenticatedDomain domain : authentications.passed()) {
            switch (tie(domain, published.record())) {
                case SAME_ORGANIZATION -> aligned.add(domain);
                case UNKNOWN -> unknown = true;
                case STRANGER -> {
                    // vouches for somebody else
                }
            }
        }
        if (!aligned.isEmpty()) {
            List<AuthenticatedDomain> each = aligned.stream().distinct().toList();
            return new DmarcEvaluation(
                    author,
                    DmarcOutcome.PASS,
                    each.getFirst() + " is aligned",
                    DmarcPolicy.NONE,
                    Optional.of(published),
                    each);
        }
        if (unknown) {
            return undecided("no organizational domain could be told", Optional.of(published));
        }
        for (AuthenticatedDomain domain : authentications.undecided()) {
            if (tie(domain, published.record()) != Tie.STRANGER) {
                return undecided(domain + " was not decided", Optional.of(published));
            }
        }
        return fail(published, policies);
    }

    private DmarcEvaluation fail(PublishedPolicy published, DmarcRecord.Policies policies) {
        if (published.source() == PublishedPolicy.Source.AUTHOR) {
            return fail(published, "p", policies.domain());
        }
        if (policies.forSubdomain() == policies.forMissing()) {
            return fail(published, policies.subdomains().isPresent() ? "sp" : "p", policies.forSubdomain());
        }
        return switch (existence()) {
            case Existence.Exists _ ->
                fail(published, policies.subdomains().isPresent() ? "sp" : "p", policies.forSubdomain());
            case Existence.Missing _ -> fail(published, "np", policies.forMissing());
            case Existence.Unknown unknown -> undecided(unknown.why(), Optional.of(published));
        };
    }

    private DmarcEvaluation fail(PublishedPolicy published, String tag, DmarcPolicy policy) {
        String why = "nothing is aligned with " + author + "; " + published.domain() + " says " + tag + "=" + policy
                + (published.record().testing() ? " and t=y" : "");
        return new DmarcEvaluation(author, DmarcOutcome.FAIL, why, policy, Optional.of(published), List.of());
    }

    private DmarcEvaluation undecided(String why, Optional<PublishedPolicy> published) {
        return simple(DmarcOutcome.TEMPERROR, why, published);
    }

    private DmarcEvaluation simple(DmarcOutcome outcome, String why, Optional<PublishedPolicy> published) {
        return new DmarcEvaluation(author, outcome, why, DmarcPolicy.NONE, published, List.of());
    }

    /// The same domain is aligned in either way, and no walk is needed to see it.
    private Tie tie(AuthenticatedDomain domain, DmarcRecord record) {
        if (domain.domain().equals(author)) {
            return Tie.SAME_ORGANIZATION;
        }
        return switch (record.alignments().of(domain.mechanism())) {
            case STRICT -> Tie.STRANGER;
            case RELAXED -> relaxedTie(domain.domain());
        };
    }

    private Tie relaxedTie(DomainName domain) {
        Tie known = ties.get(domain);
        if (known != null) {
            return known;
        }
        return switch (TreeWalk.from(author, lookup)) {
            case TreeWalk.Done done -> tie(domain, done.walk().organizationalDomain());
            case TreeWalk.Stopped _ -> sharesTop(domain) ? Tie.UNKNOWN : Tie.STRANGER;
        };
    }

    /// Whether a domain and the author's could have one organization, wherever that begins.
    private boolean sharesTop(DomainName domain) {
        return domain.labels().getLast().equals(author.labels().getLast());
    }

    private Tie tie(DomainName domain, DomainName organization) {
        if (!domain.isWithin(organization) || ties.size() >= MOST_WALKS) {
            return Tie.STRANGER;
        }
        Tie tie = switch (TreeWalk.from(domain, lookup)) {
            case TreeWalk.Done done ->
                done.walk().organizationalDomain().equals(organization) ? Tie.SAME_ORGANIZATION : Tie.STRANGER;
            case TreeWalk.Stopped _ -> Tie.UNKNOWN;
        };
        ties.put(domain, tie);
        return tie;
    }

    /// Asks for an address; where the name is said not to exist, also whether it is an alias, since
    /// one that leads nowhere exists itself.
    private Existence existence() {
        return switch (resolver.resolve(author, RecordType.A)) {
            case DnsAnswer.Found<?> _, DnsAnswer.NoData<?> _ -> new Existence.Exists();
            case DnsAnswer.Failed<?> failed -> new Existence.Unknown(author + " A: " + failed.why());
            case DnsAnswer.NoDomain<?> _ ->
                switch (resolver.resolve(author, RecordType.CNAME)) {
                    case DnsAnswer.Found<?> _, DnsAnswer.NoData<?> _ -> new Existence.Exists();
                    case DnsAnswer.NoDomain<?> _ -> new Existence.Missing();
                    case DnsAnswer.Failed<?> failed -> new Existence.Unknown(author + " CNAME: " + failed.why());
                };
        };
    }
}
