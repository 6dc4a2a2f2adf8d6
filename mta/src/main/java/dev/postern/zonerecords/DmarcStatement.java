package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Optional;

/// What a domain asks others to do with mail that only claims to be its own.
///
/// @param subject the domain
/// @param reports where it wants to be told of such mail; empty: nowhere
/// @rfc 9989 §4.7
record DmarcStatement(DomainName subject, Optional<Mailbox> reports) implements OwnRecords<String> {
    @Override
    public String purpose() {
        return "DMARC";
    }

    @Override
    public DomainName name() {
        return Labels.below(subject, "_dmarc");
    }

    @Override
    public RecordType<String> type() {
        return RecordType.TXT;
    }

    @Override
    public List<String> records() {
        return List.of("v=DMARC1; p=quarantine"
                + reports.map(address -> "; rua=mailto:" + address).orElse(""));
    }

    @Override
    public Judgement<String> judge(List<String> published) {
        List<String> statements = published.stream()
                .filter(text -> DmarcRecord.parse(text).isPresent())
                .toList();
        return Judgement.ofOnly(
                statements,
                records(),
                "there are " + statements.size() + " policies, so that receivers apply none",
                this::judge);
    }

    private Judgement<String> judge(String published) {
        DmarcRecord statement = DmarcRecord.parse(published).orElseThrow();
        if (statement.policies().isEmpty()) {
            return Judgement.foreign(
                    Mark.DIFFERENT, "its policy cannot be read, so that receivers apply none", List.of(published));
        }
        boolean told = reports.isEmpty()
                || statement.reporting().aggregate().stream()
                        .anyMatch(uri -> uri.mailbox().equals(reports));
        return Judgement.right(
                told ? "" : "reports do not go to " + reports.get() + ", where they would be read", List.of(published));
    }
}
