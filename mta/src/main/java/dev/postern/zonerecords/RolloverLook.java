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

/// One look at the TLSA records of the names that a certificate is shown under, on every authoritative server.
///
/// @param heard what was heard of each name
/// @param known whether there were TLSA records of ours when DNS told the last time
record RolloverLook(List<TlsaInquiry.Heard> heard, Pair pair, boolean known, Instant now) {
    /// A certificate, and the one that takes its place, each with its chain.
    record Pair(List<X509Certificate> shown, List<X509Certificate> fresh) {}

    /// Asks for the records of these names.
    static List<TlsaInquiry.Heard> ask(TlsaInquiry inquiry, List<DomainName> hosts, Pair pair, Instant now) {
        return hosts.stream()
                .map(host -> inquiry.ask(
                        host,
                        records -> Optional.of(StrictSender.forecast(records, List.of(host), pair.fresh(), now))
                                .filter(StrictSender.Forecast::refused)
                                .map(StrictSender.Forecast::why)))
                .toList();
    }

    /// What the rule goes by.
    RolloverSight sight() {
        List<SeenSet> sets = new ArrayList<>();
        heard.forEach(one -> one.sets().forEach(set -> sets.add(seen(set, one.host()))));
        Optional<String> untold =
                heard.stream().flatMap(one -> one.untold().stream()).findFirst();
        return new RolloverSight(
                sets,
                untold,
                known || heard.stream().anyMatch(TlsaInquiry.Heard::isAny),
                pair.shown().getFirst().getNotAfter().toInstant());
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

    /// The changes that would let senders take the new certificate: its key beside what is there, for each name whose
    /// servers agree on a set that refuses it.
    List<RecordChange<TlsaRecord>> changes() {
        TlsaRecord own = CertificateAssociation.ofServer(pair.fresh().getFirst());
        List<RecordChange<TlsaRecord>> changes = new ArrayList<>();
        for (TlsaInquiry.Heard one : heard) {
            one.survey()
                    .agreed()
                    .filter(set -> seen(set, one.host()).fresh() == Fate.REFUSED)
                    .filter(set -> !set.records().contains(own))
                    .ifPresent(set -> changes.add(new RecordChange<>(
                            one.survey().name(), RecordType.TLSA, set, new Edit<>(List.of(own), List.of()))));
        }
        return changes;
    }

    /// The lines to publish, for each name where a set was seen that refuses it.
    List<String> lines() {
        TlsaRecord own = CertificateAssociation.ofServer(pair.fresh().getFirst());
        return heard.stream()
                .filter(one -> one.sets().stream()
                        .anyMatch(set -> seen(set, one.host()).fresh() == Fate.REFUSED))
                .map(one -> MasterFile.line(TlsaRecords.nameOf(one.host()), RecordType.TLSA, own))
                .toList();
    }
}
