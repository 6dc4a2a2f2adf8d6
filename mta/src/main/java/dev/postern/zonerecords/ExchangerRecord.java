package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.dns.MxRecord;
import dev.postern.dns.RecordType;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import java.util.List;
import java.util.Optional;

/// That this server takes the mail of a domain.
///
/// @param subject the domain
/// @param host this server
/// @param policy what the domain says of the TLS of its exchangers, which have to be named there; empty: nothing
/// @rfc 5321 §5.1
record ExchangerRecord(DomainName subject, DomainName host, Optional<StsPolicy> policy)
        implements OwnRecords<MxRecord> {
    private static final int PREFERENCE = 10;

    @Override
    public String purpose() {
        return "MX";
    }

    @Override
    public DomainName name() {
        return subject;
    }

    @Override
    public RecordType<MxRecord> type() {
        return RecordType.MX;
    }

    @Override
    public List<MxRecord> records() {
        return List.of(new MxRecord(PREFERENCE, Optional.of(host)));
    }

    @Override
    public Judgement<MxRecord> judge(List<MxRecord> published) {
        if (published.isEmpty()) {
            return Judgement.missing(records());
        }
        List<DomainName> hosts =
                published.stream().flatMap(mx -> mx.host().stream()).toList();
        if (!hosts.contains(host)) {
            // To add ours would take mail from where somebody wants it.
            return Judgement.foreign(
                    Mark.DIFFERENT,
                    hosts.isEmpty()
                            ? "it says that the domain takes no mail"
                            : "the domain's mail goes to others, not to this server",
                    published);
        }
        List<DomainName> unnamed = hosts.stream()
                .filter(other -> policy.filter(p -> p.mode() != StsPolicy.Mode.NONE && !p.names(other))
                        .isPresent())
                .toList();
        return unnamed.isEmpty()
                ? Judgement.right(hosts.size() > 1 ? "beside other exchangers" : "", published)
                : Judgement.foreign(
                        Mark.DIFFERENT,
                        "the MTA-STS policy does not name " + unnamed + ": add them to mta-sts.hosts, or take them"
                                + " out of the zone",
                        published);
    }
}
