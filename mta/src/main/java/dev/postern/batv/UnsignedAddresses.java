package dev.postern.batv;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.util.Locale;
import java.util.Set;

/// Addresses of ours that are not signed, since other servers send in their name too.
///
/// @param mailboxes each with and without a subaddress behind `+` (RFC 5233), in upper and lower case
/// @param domains all addresses in these
public record UnsignedAddresses(Set<Mailbox> mailboxes, Set<DomainName> domains) {
    public UnsignedAddresses {
        mailboxes = Set.copyOf(mailboxes);
        domains = Set.copyOf(domains);
    }

    /// Every address is signed.
    public static UnsignedAddresses none() {
        return new UnsignedAddresses(Set.of(), Set.of());
    }

    /// Whether an address is among them.
    public boolean cover(Mailbox address) {
        return (address.host() instanceof Host.Domain(DomainName name) && domains.contains(name))
                || mailboxes.stream()
                        .anyMatch(listed -> listed.host().equals(address.host())
                                && base(listed).equals(base(address)));
    }

    /// A local part in small letters, without its subaddress.
    static String base(Mailbox mailbox) {
        String local = mailbox.localPart().value().toLowerCase(Locale.ROOT);
        int plus = local.indexOf('+');
        return plus > 0 ? local.substring(0, plus) : local;
    }
}
