package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.regex.Pattern;

/// Where a domain wants to be told how the TLS of those went who sent it mail.
///
/// @param subject the domain
/// @rfc 8460 §3
record TlsReportAddress(DomainName subject, Mailbox reports) implements OwnRecords<String> {
    private static final Pattern RECORD = Pattern.compile("v=TLSRPTv1[ \\t]*(?:;.*)?");
    private static final Pattern PLACE = Pattern.compile(";[ \\t]*rua[ \\t]*=[ \\t]*(?:mailto|https):.*");

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
        List<String> wishes = published.stream()
                .filter(text -> RECORD.matcher(text).matches())
                .toList();
        if (wishes.isEmpty()) {
            return Judgement.missing(records());
        }
        if (wishes.size() > 1) {
            return Judgement.foreign(
                    Mark.SEVERAL, "there are " + wishes.size() + " records, so that nobody sends reports", wishes);
        }
        String wish = wishes.getFirst();
        if (!PLACE.matcher(wish).find()) {
            return Judgement.foreign(Mark.DIFFERENT, "it names no place for reports", wishes);
        }
        return Judgement.right(
                wish.contains("mailto:" + reports)
                        ? ""
                        : "reports do not go to " + reports + ", where they would be read",
                wishes);
    }
}
