package dev.postern.mailauth.dmarc;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks policy records up, each name at most once. Used by one thread, for one author.
final class RecordLookup {
    private static final String LABEL = "_dmarc";

    private final Resolver resolver;
    private final Map<DomainName, Reply> replies = new HashMap<>();

    RecordLookup(Resolver resolver) {
        this.resolver = resolver;
    }

    /// What stands at a name.
    sealed interface Reply {}

    /// One record.
    record One(DmarcRecord record) implements Reply {}

    /// No record; or several, which are the same as none (RFC 9989 §4.10).
    record None() implements Reply {}

    /// Nobody knows now.
    record Unknown(String why) implements Reply {}

    /// The record of a domain.
    Reply of(DomainName domain) {
        Reply known = replies.get(domain);
        if (known != null) {
            return known;
        }
        Optional<DomainName> name = domain.below(LABEL);
        Reply reply = name.isEmpty() ? new None() : ask(name.get());
        replies.put(domain, reply);
        return reply;
    }

    private Reply ask(DomainName name) {
        return switch (resolver.resolve(name, RecordType.TXT)) {
            case DnsAnswer.Found<String> found -> only(found.records());
            case DnsAnswer.NoData<String> _, DnsAnswer.NoDomain<String> _ -> new None();
            case DnsAnswer.Failed<String> failed -> new Unknown(name + " TXT: " + failed.why());
        };
    }

    private static Reply only(List<String> texts) {
        List<String> records =
                texts.stream().filter(DmarcRecordReader::isRecord).limit(2).toList();
        return records.size() == 1
                ? DmarcRecord.parse(records.getFirst()).<Reply>map(One::new).orElseGet(None::new)
                : new None();
    }
}
