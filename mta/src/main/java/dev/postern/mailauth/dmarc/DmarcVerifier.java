package dev.postern.mailauth.dmarc;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.mailauth.DnsEvidence;
import dev.postern.mailauth.WitnessedResolver;
import dev.postern.message.Author;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

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

    private final Resolver resolver;

    public DmarcVerifier(Resolver resolver) {
        this.resolver = resolver;
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
        WitnessedResolver witness = new WitnessedResolver(resolver);
        RecordLookup lookup = new RecordLookup(witness);
        List<DmarcEvaluation> evaluations = new ArrayList<>();
        for (DomainName author : authors.subList(0, Math.min(authors.size(), MOST_AUTHORS))) {
            evaluations.add(new Evaluator(author, lookup, witness).evaluate(authentications));
        }
        DmarcEvaluation gravest = evaluations.stream().max(GRAVITY).orElseThrow();
        List<DnsEvidence> evidence = witness.evidence();
        if (authors.size() > MOST_AUTHORS && gravest.outcome() != DmarcOutcome.FAIL) {
            String why = "authors of more than " + MOST_AUTHORS + " domains";
            return new DmarcResult(DmarcOutcome.PERMERROR, DmarcPolicy.NONE, why, evaluations, evidence);
        }
        return new DmarcResult(gravest.outcome(), gravest.policy(), gravest.why(), evaluations, evidence);
    }
}
