package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// That a domain has an MTA-STS policy, and which.
///
/// @param subject the domain
/// @rfc 8461 §3.1
record StsAnnouncement(DomainName subject, PolicyFile policy) implements OwnRecords<String> {
    private static final Pattern RECORD = Pattern.compile("v=STSv1[ \\t]*(?:;.*)?");
    private static final Pattern ID = Pattern.compile(";[ \\t]*id[ \\t]*=[ \\t]*([A-Za-z0-9]{1,32})[ \\t]*(?:;|$)");

    @Override
    public String purpose() {
        return "MTA-STS";
    }

    @Override
    public DomainName name() {
        return Labels.below(subject, "_mta-sts");
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
        List<String> announcements = published.stream()
                .filter(text -> RECORD.matcher(text).matches())
                .toList();
        if (announcements.isEmpty()) {
            return Judgement.missing(records());
        }
        if (announcements.size() > 1) {
            return Judgement.foreign(
                    Mark.SEVERAL,
                    "there are " + announcements.size() + " records, so that senders look for no policy",
                    announcements);
        }
        Matcher id = ID.matcher(announcements.getFirst());
        return id.find() && id.group(1).equals(policy.id())
                ? Judgement.right("", announcements)
                : Judgement.replaced(
                        "it announces another policy than ours, so that senders keep the one that they know",
                        announcements,
                        records());
    }
}
