package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import dev.postern.tlspolicy.dane.CertificateAssociation;
import dev.postern.tlspolicy.dane.StrictSender;
import dev.postern.zonerecords.RolloverSight.Fate;
import dev.postern.zonerecords.RolloverSight.SeenSet;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One look at the TLSA records of the names that a certificate is shown under, on every authoritative server.
///
/// @param surveys what the servers said, by name
record RolloverLook(List<Survey<TlsaRecord>> surveys, Pair pair, Instant now) {
    /// A certificate, and the one that takes its place, each with its chain.
    record Pair(List<X509Certificate> shown, List<X509Certificate> fresh) {}

    /// Asks all servers of these names.
    static RolloverLook at(Publication publication, List<DomainName> hosts, Pair pair, Instant now) {
        List<Survey<TlsaRecord>> surveys = new ArrayList<>();
        for (DomainName host : hosts) {
            surveys.add(publication.survey(
                    TlsaRecords.nameOf(host),
                    RecordType.TLSA,
                    host,
                    records -> Optional.of(StrictSender.forecast(records, List.of(host), pair.fresh(), now))
                            .filter(StrictSender.Forecast::refused)
                            .map(StrictSender.Forecast::why)));
        }
        return new RolloverLook(surveys, pair, now);
    }

    /// What the rule goes by.
    RolloverSight sight() {
        List<SeenSet> sets = new ArrayList<>();
        Optional<String> untold = Optional.empty();
        for (Survey<TlsaRecord> survey : surveys) {
            survey.published().forEach(set -> sets.add(seen(set, host(survey))));
            if (!survey.isTold()) {
                untold = untold.or(() -> Optional.of(trouble(survey)));
            }
        }
        return new RolloverSight(
                sets, untold, pair.shown().getFirst().getNotAfter().toInstant());
    }

    private SeenSet seen(PublishedSet<TlsaRecord> set, DomainName host) {
        StrictSender.Forecast fresh = StrictSender.forecast(set.records(), List.of(host), pair.fresh(), now);
        StrictSender.Forecast shown = StrictSender.forecast(set.records(), List.of(host), pair.shown(), now);
        Fate fate;
        if (fresh.refused()) {
            fate = shown.refused() ? Fate.BOTH_REFUSED : Fate.REFUSED;
        } else {
            fate = fresh.satisfied().containsAll(shown.satisfied()) ? Fate.AS_BEFORE : Fate.BY_NEWS;
        }
        return new SeenSet(fate, set.ttl(), fresh.why());
    }

    private static String trouble(Survey<TlsaRecord> survey) {
        return survey.trouble()
                .or(() -> survey.findings().stream()
                        .filter(one -> one.published().isEmpty())
                        .map(one -> one.place() + ": " + one.why())
                        .findFirst())
                .orElse(survey.name() + " cannot be asked for");
    }

    /// The changes that would let senders take the new certificate: its key beside what is there, for each name whose
    /// servers agree on a set that refuses it.
    List<RecordChange<TlsaRecord>> changes() {
        TlsaRecord own = CertificateAssociation.ofServer(pair.fresh().getFirst());
        List<RecordChange<TlsaRecord>> changes = new ArrayList<>();
        for (Survey<TlsaRecord> survey : surveys) {
            List<PublishedSet<TlsaRecord>> sets = survey.published();
            boolean agreed = survey.isTold()
                    && sets.stream()
                                    .map(set -> Set.copyOf(set.records()))
                                    .distinct()
                                    .count()
                            == 1;
            if (agreed
                    && seen(sets.getFirst(), host(survey)).fresh() == Fate.REFUSED
                    && !sets.getFirst().records().contains(own)) {
                changes.add(new RecordChange<>(
                        survey.name(), RecordType.TLSA, sets.getFirst(), new Edit<>(List.of(own), List.of())));
            }
        }
        return changes;
    }

    /// The lines to publish, for each name where a server has a set that refuses it.
    List<String> lines() {
        TlsaRecord own = CertificateAssociation.ofServer(pair.fresh().getFirst());
        return surveys.stream()
                .filter(survey -> survey.published().stream()
                        .anyMatch(set -> seen(set, host(survey)).fresh() == Fate.REFUSED))
                .map(survey -> MasterFile.line(survey.name(), RecordType.TLSA, own))
                .toList();
    }

    private static DomainName host(Survey<TlsaRecord> survey) {
        return TlsaRecords.hostOf(survey.name());
    }
}
