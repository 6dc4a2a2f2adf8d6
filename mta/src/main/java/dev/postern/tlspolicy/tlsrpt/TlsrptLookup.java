package dev.postern.tlspolicy.tlsrpt;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.List;
import java.util.Optional;

/// Finds what domains say of TLS reports. Holds no state of its own; may be shared by all threads.
///
/// @param resolver is asked
public record TlsrptLookup(Resolver resolver) {
    private static final String LABELS = "_smtp._tls.";

    /// What a domain says; one question. No more than one record may stand there, and whatever else does is left out.
    ///
    /// @rfc 8460 §3
    public TlsrptFinding find(DomainName domain) {
        Optional<DomainName> name = DomainName.parse(LABELS + domain.text());
        if (name.isEmpty()) {
            return new TlsrptFinding.NotPublished(); // no name could be so long
        }
        return switch (resolver.resolve(name.get(), RecordType.TXT)) {
            case DnsAnswer.Failed<String> failed -> new TlsrptFinding.Unknown(name.get() + " TXT: " + failed.why());
            case DnsAnswer.NoData<String> _, DnsAnswer.NoDomain<String> _ -> new TlsrptFinding.NotPublished();
            case DnsAnswer.Found<String> found -> of(name.get(), found.records());
        };
    }

    private static TlsrptFinding of(DomainName name, List<String> texts) {
        List<String> meant = texts.stream().filter(TlsrptRecord::isMeant).toList();
        if (meant.isEmpty()) {
            return new TlsrptFinding.NotPublished();
        }
        if (meant.size() > 1) {
            return new TlsrptFinding.Useless(meant.size() + " records stand at " + name);
        }
        Optional<TlsrptRecord> record = TlsrptRecord.parse(meant.getFirst());
        if (record.isEmpty()) {
            return new TlsrptFinding.Useless("the record at " + name + " is malformed");
        }
        return record.get().places().isEmpty()
                ? new TlsrptFinding.Useless("the record at " + name + " names no place that a report can go to")
                : new TlsrptFinding.Wanted(record.get());
    }
}
