package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import java.util.List;

/// The records of one type and purpose that one name of ours should have, and how to judge those that it has.
///
/// @param <R> what one record holds
public sealed interface OwnRecords<R>
        permits ExchangerRecord,
                SpfPolicy,
                SigningKeyRecord,
                DmarcStatement,
                ReportConsentRecord,
                StsAnnouncement,
                TlsReportAddress,
                TlsaRecords {
    /// What they are for, in a word or two, such as `SPF`.
    String purpose();

    /// The domain or host that they are about: an existing name, at or above that of the records.
    DomainName subject();

    /// The name that has them.
    DomainName name();

    /// Their type.
    RecordType<R> type();

    /// What should be published, at least one.
    List<R> records();

    /// What the records of this type are worth that a name server has at this name; others may have put theirs there
    /// too.
    Judgement<R> judge(List<R> published);

    /// What should be published, as lines of a master file.
    default List<String> lines() {
        return records().stream()
                .map(record -> MasterFile.line(name(), type(), record))
                .toList();
    }
}
