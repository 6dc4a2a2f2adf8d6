package dev.postern.app.config;

import dev.postern.dns.DomainName;
import dev.postern.policy.Signers;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.ArchiveBounds;
import dev.postern.reportstore.ReportClaim;
import dev.postern.route.Destination;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The section `[reports]`: what we tell others of their mail, and where they tell us of ours.
final class ReportsSection {
    private final Section section;
    private final Site site;

    /// What the section has to fit to.
    ///
    /// @param hostname the name of this server
    /// @param domains our domains
    /// @param signers who signs our mail
    record Site(DomainName hostname, Config.Domains domains, Signers signers) {}

    private ReportsSection(Section section, Site site) {
        this.section = section;
        this.site = site;
    }

    /// Reads it.
    static Config.Reports read(Section section, Site site) {
        ReportsSection reading = new ReportsSection(section, site);
        Config.Reports reports = new Config.Reports(reading.sending(), reading.addresses(), reading.archive());
        section.finish();
        return reports;
    }

    private Optional<ReportingSettings> sending() {
        Optional<Mailbox> from = section.parsed("from", "an address", Mailbox::parse);
        boolean aggregate = section.flag("aggregate", from.isPresent());
        boolean failures = section.flag("failures", false);
        boolean tls = section.flag("tls", from.isPresent());
        String organization =
                section.string("organization").orElse(site.hostname().text());
        if (from.isEmpty()) {
            if ((aggregate || failures || tls) && !section.has("from")) {
                section.fault(
                        aggregate ? "aggregate" : failures ? "failures" : "tls",
                        "reports need an author: write from = \"postmaster@YOUR.DOMAIN\" below [reports]");
            }
            return Optional.empty();
        }
        Optional<Signers.Signer> signer = from.get().host() instanceof Host.Domain(DomainName domain)
                ? site.signers().nearest(domain)
                : Optional.empty();
        if (signer.isEmpty() && (aggregate || failures || tls)) {
            section.fault(
                    "from",
                    "reports must be signed (RFC 9990 section 3.5.2, RFC 8460 section 3), and signing.keys has no key for the domain of "
                            + from.get());
        }
        Set<ReportClaim.Kind> kinds = EnumSet.noneOf(ReportClaim.Kind.class);
        if (aggregate) {
            kinds.add(ReportClaim.Kind.AGGREGATE);
        }
        if (failures) {
            kinds.add(ReportClaim.Kind.FAILURE);
        }
        if (tls) {
            kinds.add(ReportClaim.Kind.TLS);
        }
        return Optional.of(new ReportingSettings(site.hostname(), from.get(), organization, kinds));
    }

    private List<Mailbox> addresses() {
        List<Mailbox> read = section.parsedList("read", "an address", Mailbox::parse);
        for (Mailbox address : read) {
            switch (site.domains().addresses().destination(address)) {
                case Destination.Inbox _ -> {
                    // as it must be
                }
                case Destination.Alias alias ->
                    section.fault(
                            "read", address + " is an alias; name the inbox that it leads to: " + alias.targets());
                case Destination.Unknown _ ->
                    section.fault(
                            "read",
                            address + " is no inbox, so that reports to it are refused; add an account, or take a"
                                    + " subaddress such as postmaster+dmarc");
                case Destination.Relayed _, Destination.Remote _ -> {
                    if (!isOurs(address)) {
                        section.fault("read", address + " is in none of our domains");
                    }
                }
            }
        }
        return read;
    }

    /// Also where our addresses could not be read, for a reason that is told elsewhere.
    private boolean isOurs(Mailbox address) {
        return address.host() instanceof Host.Domain(DomainName domain)
                && site.domains().local().contains(domain);
    }

    private ArchiveBounds archive() {
        ArchiveBounds usual = ArchiveBounds.usual();
        Duration age = section.duration("keep", usual.age());
        if (!age.isPositive()) {
            section.fault("keep", "\"reports.keep\" must be longer than nothing, such as \"400d\"");
        }
        return new ArchiveBounds(
                section.number("keep-number", usual.reports(), 1, 1_000_000),
                Math.max(1, section.size("keep-size", usual.octets())),
                age.isPositive() ? age : usual.age());
    }
}
