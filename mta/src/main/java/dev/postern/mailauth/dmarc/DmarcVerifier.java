package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.WitnessedResolver;
import dev.postern.message.Author;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/// Checks messages by DMARC. Holds no state of its own; may be shared by all threads.
///
/// The work is bounded whatever DNS says: at most {@value #MOST_AUTHORS} domains of authors, for
/// each one walk of eight names, at most {@value Evaluator#MOST_WALKS} more walks for domains that
/// are vouched for, and two questions whether the author's domain exists.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9989 RFC 9989
public final class DmarcVerifier {
    /// How many different domains of authors are looked at.
    public static final int MOST_AUTHORS = 4;

    /// By what is to be done; then what must be found out again comes before what is known.
    private static final Comparator<DmarcEvaluation> GRAVITY = Comparator.comparing(DmarcEvaluation::policy)
            .thenComparing(one -> switch (one.outcome()) {
                case PASS -> 0;
                case NONE -> 1;
                case PERMERROR -> 2;
                case FAIL -> 3;
                case TEMPERROR -> 4;
            });

    private static final int MOST_EVIDENCE = 100;

    private final Supplier<Resolver> resolvers;

    /// @param resolver is asked for all records
    public DmarcVerifier(Resolver resolver) {
        this(() -> resolver);
    }

    /// @param resolvers gives the one that is asked about one author: where it is bounded, the
    ///     domain of one author cannot use up what the next one's needs
    public DmarcVerifier(Supplier<Resolver> resolvers) {
        this.resolvers = resolvers;
    }

    /// Checks one message.
    ///
    /// @param author who wrote it
    /// @param authentications what SPF and DKIM say
    public DmarcResult check(Author author, Authentications authentications) {
        return switch (author) {
            case Author.Named named -> check(named.domains(), authentications);
            case Author.Malformed malformed -> without(malformed.why());
            case Author.Absent absent -> without(absent.why());
        };
    }

    private static DmarcResult without(String why) {
        return new DmarcResult(DmarcOutcome.PERMERROR, DmarcPolicy.NONE, why, List.of(), List.of());
    }

    /// The gravest of the authors' cases is that of the message (RFC 9989 §11.5).
    private DmarcResult check(List<DomainName> authors, Authentications authentications) {
        List<DmarcEvaluation> evaluations = new ArrayList<>();
        List<DnsEvidence> seen = new ArrayList<>();
        for (DomainName author : authors.subList(0, Math.min(authors.size(), MOST_AUTHORS))) {
            WitnessedResolver witness = new WitnessedResolver(resolvers.get());
            evaluations.add(new Evaluator(author, new RecordLookup(witness), witness).evaluate(authentications));
            seen.addAll(witness.evidence());
        }
        DmarcEvaluation gravest = evaluations.stream().max(GRAVITY).orElseThrow();
        List<DnsEvidence> evidence = seen.stream().limit(MOST_EVIDENCE).toList();
        if (authors.size() > MOST_AUTHORS && gravest.outcome() != DmarcOutcome.FAIL) {
            String why = "authors of more than " + MOST_AUTHORS + " domains";
            return new DmarcResult(DmarcOutcome.PERMERROR, DmarcPolicy.NONE, why, evaluations, evidence);
        }
        return new DmarcResult(gravest.outcome(), gravest.policy(), gravest.why(), evaluations, evidence);
    }
}
