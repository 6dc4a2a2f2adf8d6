package dev.postern.mailauth.dmarc;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import java.util.List;
import java.util.Optional;

/// Asks those whom a domain names for its reports whether they want them, so that nobody can have a
/// stranger flooded with reports. Holds no state of its own; may be shared by all threads.
///
/// Within the organization that published the policy nobody is asked. Elsewhere a record must stand
/// at `DOMAIN._report._dmarc.HOST`, or `*._report._dmarc.HOST` for all domains; it may name another
/// inbox at the same host.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9990 RFC 9990
/// @rfc 9990 §4
public final class ReportDestinations {
    private static final String LABELS = "._report._dmarc.";

    private final Resolver resolver;

    public ReportDestinations(Resolver resolver) {
        this.resolver = resolver;
    }

    /// What reports tell.
    public enum Kind {
        /// The counts of a day (RFC 9990).
        AGGREGATE,
        /// One message that failed (RFC 9991).
        FAILURE;

        private List<ReportUri> of(DmarcRecord.Reporting reporting) {
            return switch (this) {
                case AGGREGATE -> reporting.aggregate();
                case FAILURE -> reporting.failure();
            };
        }
    }

    /// Asks whether reports may go to a place. At most two walks up the tree and one question more.
    ///
    /// @param domain where the policy was published
    /// @param named a place that it names
    public ReportConsent ask(DomainName domain, ReportUri named, Kind kind) {
        if (named.host().isEmpty()) {
            return new ReportConsent.Refused(named.uri() + " is no inbox in a domain");
        }
        DomainName host = named.host().get().name();
        if (host.equals(domain)) {
            return new ReportConsent.Given(List.of(named));
        }
        RecordLookup lookup = new RecordLookup(resolver);
        return switch (TreeWalk.from(domain, lookup)) {
            case TreeWalk.Stopped stopped -> new ReportConsent.Unknown(stopped.why());
            case TreeWalk.Done ours ->
                switch (TreeWalk.from(host, lookup)) {
                    case TreeWalk.Stopped stopped -> new ReportConsent.Unknown(stopped.why());
                    case TreeWalk.Done theirs ->
                        ours.walk().organizationalDomain().equals(theirs.walk().organizationalDomain())
                                ? new ReportConsent.Given(List.of(named))
                                : askAbroad(domain, named, host, kind);
                };
        };
    }

    private ReportConsent askAbroad(DomainName domain, ReportUri named, DomainName host, Kind kind) {
        Optional<DomainName> name = DomainName.parse(domain.text() + LABELS + host.text());
        if (name.isEmpty()) {
            return new ReportConsent.Refused("the name to ask for is too long");
        }
        return switch (resolver.resolve(name.get(), RecordType.TXT)) {
            case DnsAnswer.Failed<String> failed -> new ReportConsent.Unknown(name.get() + " TXT: " + failed.why());
            case DnsAnswer.NoData<String> _, DnsAnswer.NoDomain<String> _ ->
                new ReportConsent.Refused("nothing stands at " + name.get());
            case DnsAnswer.Found<String> found -> read(found.records(), named, host, kind, name.get());
        };
    }

    private static ReportConsent read(List<String> texts, ReportUri named, DomainName host, Kind kind, DomainName at) {
        List<DmarcRecord> records =
                texts.stream().map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        if (records.isEmpty()) {
            return new ReportConsent.Refused("no DMARC record stands at " + at);
        }
        List<ReportUri> instead = records.stream()
                .map(record -> kind.of(record.reporting()))
                .filter(uris -> !uris.isEmpty())
                .findFirst()
                .orElse(List.of(named));
        boolean leadsOn = instead.stream()
                .anyMatch(uri ->
                        uri.host().filter(other -> other.name().equals(host)).isEmpty());
        // RFC 9990 §4: then neither the one nor the other
        return leadsOn ? new ReportConsent.Refused(at + " leads on to another host") : new ReportConsent.Given(instead);
    }
}
