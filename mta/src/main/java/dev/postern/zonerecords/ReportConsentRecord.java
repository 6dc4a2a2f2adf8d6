package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.util.List;
import java.util.Optional;

/// That a domain takes the DMARC reports of another.
///
/// @param subject the domain that takes them
/// @param reported the domain that they are about
/// @rfc 9990 §4
record ReportConsentRecord(DomainName subject, DomainName reported) implements OwnRecords<String> {
    @Override
    public String purpose() {
        return "DMARC reports";
    }

    /// Where such a record stands; empty if the name is too long for DNS.
    static Optional<DomainName> nameOf(DomainName subject, DomainName reported) {
        return subject.below(reported + "._report._dmarc");
    }

    @Override
    public DomainName name() {
        return nameOf(subject, reported).orElseThrow();
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of("v=DMARC1");
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        List<String> consents = published.stream()
                .filter(text -> DmarcRecord.parse(text).isPresent())
                .toList();
        return consents.isEmpty() ? Judgement.missing(records()) : Judgement.right("", consents);
    }
}
