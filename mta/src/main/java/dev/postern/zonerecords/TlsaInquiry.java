package dev.postern.zonerecords;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Asks for the TLSA records of a host: all authoritative servers, and only where none of them can be asked from here,
/// such as behind a filter, the resolver, whose word counts then.
record TlsaInquiry(Resolver resolver, Publication publication) {
    /// What was heard.
    ///
    /// @param survey of the authoritative servers
    /// @param sets what each of them has, or what the resolver has heard
    /// @param untold why that is not all, in words; empty if it is
    record Heard(
            DomainName host, Survey<TlsaRecord> survey, List<PublishedSet<TlsaRecord>> sets, Optional<String> untold) {
        Heard {
            sets = List.copyOf(sets);
        }

        /// Whether there are any records.
        boolean isAny() {
            return sets.stream().anyMatch(set -> !set.records().isEmpty());
        }
    }

    /// Asks for the records of a host.
    ///
    /// @param fault what is wrong with some records, for words about single servers
    Heard ask(DomainName host, Function<List<TlsaRecord>, Optional<String>> fault) {
        DomainName name = TlsaRecords.nameOf(host);
        Survey<TlsaRecord> survey = publication.survey(name, RecordType.TLSA, host, fault);
        if (!survey.published().isEmpty() || survey.isTold()) {
            return new Heard(
                    host,
                    survey,
                    survey.published(),
                    survey.isTold() ? Optional.empty() : Optional.of(trouble(survey)));
        }
        return switch (resolver.resolve(name, RecordType.TLSA)) {
            case DnsAnswer.Found<TlsaRecord> found ->
                new Heard(host, survey, List.of(new PublishedSet<>(found.records(), found.ttl())), Optional.empty());
            case DnsAnswer.NoData<TlsaRecord> none ->
                new Heard(host, survey, List.of(PublishedSet.none(none.ttl())), Optional.empty());
            case DnsAnswer.NoDomain<TlsaRecord> none ->
                new Heard(host, survey, List.of(PublishedSet.none(none.ttl())), Optional.empty());
            case DnsAnswer.Failed<TlsaRecord> _ -> new Heard(host, survey, List.of(), Optional.of(trouble(survey)));
        };
    }

    private static String trouble(Survey<TlsaRecord> survey) {
        return survey.trouble()
                .or(() -> survey.findings().stream()
                        .filter(one -> one.published().isEmpty())
                        .map(one -> one.place() + ": " + one.why())
                        .findFirst())
                .orElse(survey.name() + " cannot be asked for");
    }
}
