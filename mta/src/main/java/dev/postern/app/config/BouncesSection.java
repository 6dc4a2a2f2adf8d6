package dev.postern.app.config;

import dev.postern.batv.BatvSettings;
import dev.postern.batv.UnsignedAddresses;
import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The section `[bounces]`: whether the return paths of our own mail are signed, and which are not.
final class BouncesSection {
    private BouncesSection() {}

    /// Reads it.
    ///
    /// @param local our domains
    /// @return empty where nothing is signed
    static Optional<BatvSettings> read(Section section, List<DomainName> local) {
        boolean signed = section.flag("signed", false);
        int days = section.number("days", BatvSettings.USUAL_DAYS, 1, BatvSettings.MOST_DAYS);
        Set<Mailbox> mailboxes = new HashSet<>();
        Set<DomainName> domains = new HashSet<>();
        for (String entry : section.strings("unsigned")) {
            Optional<DomainName> whole =
                    entry.startsWith("@") ? DomainName.parse(entry.substring(1)) : Optional.empty();
            Optional<Mailbox> mailbox = entry.startsWith("@") ? Optional.empty() : Mailbox.parse(entry);
            Optional<DomainName> domain = whole.or(() -> mailbox.flatMap(BouncesSection::domain));
            if (domain.isEmpty() || !local.contains(domain.get())) {
                section.fault(
                        "unsigned",
                        "in \"bounces.unsigned\", \"" + entry
                                + "\" is no address in a domain of ours, and no such domain with an @ before it");
            }
            whole.ifPresent(domains::add);
            mailbox.ifPresent(mailboxes::add);
        }
        section.finish();
        return signed
                ? Optional.of(new BatvSettings(Set.copyOf(local), days, new UnsignedAddresses(mailboxes, domains)))
                : Optional.empty();
    }

    private static Optional<DomainName> domain(Mailbox mailbox) {
        return mailbox.host() instanceof Host.Domain(DomainName name) ? Optional.of(name) : Optional.empty();
    }
}
