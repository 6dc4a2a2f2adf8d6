package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.TlsaRecord;
import java.util.List;

/// The keys by which others know this server on port 25: one record for each that it shows or is about to show.
///
/// @param subject this server
/// @param records `3 1 1` for each key, at least one
/// @rfc 7672 §3.1.1
record TlsaRecords(DomainName subject, List<TlsaRecord> records) implements OwnRecords<TlsaRecord> {
    TlsaRecords {
        records = List.copyOf(records);
    }

    /// Where the records of a host's port 25 stand.
    ///
    /// @rfc 7672 §2.2.3
    static DomainName nameOf(DomainName host) {
        return Labels.below(host, "_25._tcp");
    }

    @Override
    public String purpose() {
        return "TLSA";
    }

    @Override
    public DomainName name() {
        return nameOf(subject);
    }

    @Override
    public RecordType<TlsaRecord> type() {
        return RecordType.TLSA;
    }

    @Override
    public Judgement<TlsaRecord> judge(List<TlsaRecord> published) {
        List<TlsaRecord> missing =
                records.stream().filter(record -> !published.contains(record)).toList();
        if (missing.isEmpty()) {
            long others = published.stream()
                    .filter(record -> !records.contains(record))
                    .distinct()
                    .count();
            return Judgement.right(
                    others == 0
                            ? ""
                            : "beside " + others + " of other keys: take away what no server of yours shows any more",
                    published);
        }
        if (published.isEmpty()) {
            return Judgement.missing(records);
        }
        return new Judgement<>(
                Mark.DIFFERENT,
                missing.size() == records.size()
                        ? "none of our keys is among them: senders that keep to DANE send us no mail"
                        : "not all of our keys are among them",
                published,
                new Edit<>(missing, List.of()));
    }
}
