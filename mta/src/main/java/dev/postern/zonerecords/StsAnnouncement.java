package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import dev.postern.tlspolicy.mtasts.StsRecord;
import java.util.List;
import java.util.Optional;

/// That a domain has an MTA-STS policy, and which.
///
/// @param subject the domain
/// @rfc 8461 §3.1
record StsAnnouncement(DomainName subject, PolicyFile policy) implements OwnRecords<String> {
    @Override
    public String purpose() {
        return "MTA-STS";
    }

    @Override
    public DomainName name() {
        return Labels.below(subject, StsRecord.LABEL);
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of("v=STSv1; id=" + policy.id() + ";");
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        List<String> announcements =
                published.stream().filter(StsRecord::isMeant).toList();
        return Judgement.ofOnly(
                announcements,
                records(),
                "there are " + announcements.size() + " records, so that senders look for no policy",
                this::judge);
    }

    private Judgement<String> judge(String published) {
        return StsRecord.parse(published).equals(Optional.of(new StsRecord(policy.id())))
                ? Judgement.right("", List.of(published))
                : Judgement.replaced(
                        "it announces another policy than ours, so that senders keep the one that they know",
                        List.of(published),
                        records());
    }
}
