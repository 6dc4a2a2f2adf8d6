package dev.postern.tlspolicy.dane;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the TLSA records of a host, step by step with what DNSSEC vouches for; used by any number of threads.
///
/// No question for TLSA is put where nothing is vouched for anyway: name servers that fail at such questions, and whose
/// zones are not signed, must not stop mail (RFC 7672 §2.1.2). Where the zone is signed, no answer is never "no DANE".
///
/// | the host's addresses | and | the names that may hold the records, in this order |
/// |---|---|---|
/// | authentic | it is no alias | the host |
/// | authentic | it is an alias | the name at the end of the aliases, the host |
/// | not authentic | it is an alias, and that first step is authentic | the host |
/// | not authentic | otherwise | none |
/// | none, and that is known | | none |
/// | not known now | | nobody can say |
///
/// @spec https://www.rfc-editor.org/rfc/rfc7672 RFC 7672 §2.2
public final class TlsaLookup implements DaneSource {
    /// How many records of one set are borne.
    public static final int MOST_RECORDS = 100;
    /// How many octets the data of one set may have together.
    public static final int MOST_OCTETS = 32 * 1024;

    private static final int MAX_PORT = 65_535;

    private final Resolver resolver;

    /// @param resolver whose word on authenticity is taken
    public TlsaLookup(Resolver resolver) {
        this.resolver = resolver;
    }

    /// Which names may hold the records.
    private sealed interface Bases {
        /// These, the first one first.
        record Candidates(List<DomainName> names) implements Bases {}

        /// None.
        record None(String why) implements Bases {}

        /// Nobody can say now.
        record Unknown(String why) implements Bases {}
    }

    @Override
    public DaneFinding of(DomainName host, int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port);
        }
        return switch (bases(host)) {
            case Bases.None(String why) -> new DaneFinding.NotPublished(why);
            case Bases.Unknown(String why) -> new DaneFinding.Unknown(why);
            case Bases.Candidates(List<DomainName> names) -> first(names, port);
        };
    }

    private Bases bases(DomainName host) {
        Optional<DomainName> insecure = Optional.empty();
        Optional<String> failure = Optional.empty();
        for (RecordType<?> type : List.of(RecordType.A, RecordType.AAAA)) {
            switch (resolver.resolve(host, type)) {
                case DnsAnswer.Found<?> found -> {
                    if (found.authentic()) {
                        return new Bases.Candidates(List.of(found.canonical(), host).stream()
                                .distinct()
                                .toList());
                    }
                    insecure = Optional.of(found.canonical());
                }
                case DnsAnswer.Failed<?>(String why) -> failure = Optional.of(why);
                case DnsAnswer.NoData<?> _, DnsAnswer.NoDomain<?> _ -> {} // the other type may be there
            }
        }
        if (insecure.isPresent()) {
            return insecure.get().equals(host) ? notSigned(host) : ofAlias(host);
        }
        return failure.<Bases>map(why -> new Bases.Unknown("the addresses of " + host + " are not known: " + why))
                .orElseGet(() -> new Bases.None(host + " has no address"));
    }

    /// An alias whose end is not vouched for may itself be (RFC 7672 §2.2.2).
    private Bases ofAlias(DomainName host) {
        return switch (resolver.resolve(host, RecordType.CNAME)) {
            case DnsAnswer.Found<DomainName> found ->
                found.authentic() ? new Bases.Candidates(List.of(host)) : notSigned(host);
            case DnsAnswer.NoData<DomainName> _, DnsAnswer.NoDomain<DomainName> _ -> notSigned(host);
            case DnsAnswer.Failed<DomainName>(String why) ->
                new Bases.Unknown("whether DNSSEC vouches for the alias " + host + " is not known: " + why);
        };
    }

    private static Bases notSigned(DomainName host) {
        return new Bases.None("DNSSEC does not vouch for the addresses of " + host);
    }

    /// What the first name has that has any.
    private DaneFinding first(List<DomainName> names, int port) {
        List<String> nothing = new ArrayList<>();
        for (DomainName base : names) {
            Optional<DomainName> owner = base.below("_tcp").flatMap(name -> name.below("_" + port));
            if (owner.isEmpty()) {
                nothing.add(base + " is too long to have TLSA records");
                continue;
            }
            switch (resolver.resolve(owner.get(), RecordType.TLSA)) {
                case DnsAnswer.Found<TlsaRecord> found -> {
                    if (found.authentic()) {
                        return finding(found.records(), base, owner.get());
                    }
                    nothing.add("DNSSEC does not vouch for the TLSA records of " + owner.get());
                }
                case DnsAnswer.NoData<TlsaRecord> _, DnsAnswer.NoDomain<TlsaRecord> _ ->
                    nothing.add(owner.get() + " has no TLSA records");
                case DnsAnswer.Failed<TlsaRecord>(String why) -> {
                    return new DaneFinding.Unknown(
                            "the TLSA records of " + owner.get() + " are not known, and its zone is signed: " + why);
                }
            }
        }
        return new DaneFinding.NotPublished(String.join("; ", nothing));
    }

    private static DaneFinding finding(List<TlsaRecord> found, DomainName base, DomainName owner) {
        List<TlsaRecord> records = found.stream().distinct().toList();
        long octets = records.stream()
                .mapToLong(record -> record.associationHex().length() / 2)
                .sum();
        if (records.size() > MOST_RECORDS || octets > MOST_OCTETS) {
            return new DaneFinding.Unknown(owner + " has " + records.size() + " TLSA records with " + octets
                    + " octets; at most " + MOST_RECORDS + " and " + MOST_OCTETS + " are read");
        }
        List<TlsaRecord> usable = new ArrayList<>();
        List<String> objections = new ArrayList<>();
        for (TlsaRecord record : records) {
            switch (Association.of(record)) {
                case Association.EndEntity _, Association.TrustAnchor _ -> usable.add(record);
                case Association.Unusable(TlsaRecord _, String why) ->
                    objections.add(DaneVerifier.shortly(record) + ": " + why);
            }
        }
        String of = usable.size() + " of " + records.size() + " TLSA records of " + owner + " can be used";
        String why = objections.isEmpty() ? of : of + " (" + some(objections) + ")";
        return usable.isEmpty() ? new DaneFinding.Unusable(records, why) : new DaneFinding.Published(usable, base, why);
    }

    private static String some(List<String> objections) {
        int shown = 3;
        String first = String.join("; ", objections.subList(0, Math.min(shown, objections.size())));
        return objections.size() > shown ? first + "; and " + (objections.size() - shown) + " more" : first;
    }
}
