package dev.postern.zonerecords;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import dev.postern.tlspolicy.dane.CertificateAssociation;
import dev.postern.tlspolicy.mtasts.PolicyFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What all records of ours follow from.
///
/// @param names who we are
/// @param keys what we are known by
/// @param reports where reports about our domains are read; none: nowhere
/// @param sts what our domains say about TLS; empty: nothing
public record Site(Names names, SiteKeys keys, List<Mailbox> reports, Optional<StsSite> sts) {
    /// The names of a site.
    ///
    /// @param host this server
    /// @param domains whose mail ends here
    public record Names(DomainName host, List<DomainName> domains) {
        public Names {
            domains = List.copyOf(domains);
        }
    }

    public Site {
        reports = List.copyOf(reports);
    }

    /// All records, domain by domain, and those of this server at the end. Names that are so long that the standards'
    /// labels find no room before them have none.
    ///
    /// @param trial judges policies of others' making
    public List<OwnRecords<?>> records(SpfTrial trial) {
        List<OwnRecords<?>> records = new ArrayList<>();
        Stream.concat(names.domains().stream(), keys.signing().stream().map(SigningKeyRecord::subject))
                .distinct()
                .filter(Site::hasRoom)
                .forEach(domain -> {
                    if (names.domains().contains(domain)) {
                        ofDomain(domain, trial, records);
                    } else {
                        signing(domain).forEach(records::add);
                    }
                });
        if (hasRoom(names.host())) {
            ofHost(trial, records);
        }
        return List.copyOf(records);
    }

    private static boolean hasRoom(DomainName name) {
        return name.text().length() <= Labels.LONGEST_SUBJECT;
    }

    private Stream<SigningKeyRecord> signing(DomainName domain) {
        return keys.signing().stream().filter(key -> key.subject().equals(domain));
    }

    private void ofHost(SpfTrial trial, List<OwnRecords<?>> records) {
        if (!names.domains().contains(names.host())) {
            records.add(SpfPolicy.ofHost(names.host(), trial));
        }
        if (!keys.certificates().isEmpty()) {
            records.add(new TlsaRecords(
                    names.host(),
                    keys.certificates().stream()
                            .map(CertificateAssociation::ofServer)
                            .distinct()
                            .toList()));
        }
    }

    private void ofDomain(DomainName domain, SpfTrial trial, List<OwnRecords<?>> records) {
        records.add(new ExchangerRecord(domain, names.host(), sts.map(StsSite::policy)));
        records.add(SpfPolicy.ofDomain(domain, trial));
        signing(domain).forEach(records::add);
        Optional<Mailbox> reader = readerOf(domain);
        records.add(new DmarcStatement(domain, reader));
        reader.flatMap(Site::domainOf)
                .filter(other -> !other.isWithin(domain) && !domain.isWithin(other))
                .filter(other -> ReportConsentRecord.nameOf(other, domain).isPresent())
                .ifPresent(other -> records.add(new ReportConsentRecord(other, domain)));
        sts.ifPresent(says -> records.add(new StsAnnouncement(domain, new PolicyFile(says.policy()))));
        reader.ifPresent(address -> records.add(new TlsReportAddress(domain, address)));
    }

    /// The first inbox for reports in a domain, else the first of all.
    private Optional<Mailbox> readerOf(DomainName domain) {
        return Stream.concat(
                        reports.stream().filter(address -> domainOf(address).equals(Optional.of(domain))),
                        reports.stream())
                .findFirst();
    }

    private static Optional<DomainName> domainOf(Mailbox mailbox) {
        return mailbox.host() instanceof Host.Domain(DomainName domain) ? Optional.of(domain) : Optional.empty();
    }

    /// The names that have to lead to this server, its own first.
    public List<OwnName> places() {
        List<OwnName> places = new ArrayList<>();
        places.add(new OwnName(names.host(), names.host()));
        if (sts.filter(StsSite::served).isPresent()) {
            names.domains().stream()
                    .flatMap(domain -> PolicyFile.host(domain).stream())
                    .forEach(name -> places.add(new OwnName(name, names.host())));
        }
        return List.copyOf(places);
    }
}
