package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.smtp.Mailbox;
import dev.postern.tlspolicy.tlsrpt.ReportPlace;
import dev.postern.tlspolicy.tlsrpt.TlsrptRecord;
import java.util.List;

/// Where a domain wants to be told how the TLS of those went who sent it mail.
///
/// @param subject the domain
/// @rfc 8460 §3
record TlsReportAddress(DomainName subject, Mailbox reports) implements OwnRecords<String> {
    @Override
    public String purpose() {
        return "TLS reports";
    }

    @Override
    public DomainName name() {
        return Labels.below(subject, "_smtp._tls");
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of("v=TLSRPTv1; rua=mailto:" + reports);
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        List<String> wishes = published.stream().filter(TlsrptRecord::isMeant).toList();
        return Judgement.ofOnly(
                wishes,
                records(),
                "there are " + wishes.size() + " records, so that nobody sends reports",
                this::judge);
    }

    private Judgement<String> judge(String published) {
        List<ReportPlace> places =
                TlsrptRecord.parse(published).map(TlsrptRecord::places).orElse(List.of());
        if (places.isEmpty()) {
            return Judgement.foreign(Mark.DIFFERENT, "it names no place for reports", List.of(published));
        }
        return Judgement.right(
                places.contains(new ReportPlace.Inbox(reports))
                        ? ""
                        : "reports do not go to " + reports + ", where they would be read",
                List.of(published));
    }
}
