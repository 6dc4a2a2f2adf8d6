package dev.postern.route;

import dev.postern.smtp.Mailbox;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What this server's addresses are.
///
/// @param own the domains whose inboxes are here; the first is the one that a name without a domain belongs to
/// @param relays the domains that mail is carried for
/// @param aliases what stands in the aliases file
/// @param postmaster who gets the mail for `postmaster` and `abuse` of every domain of ours that has no such inbox or
/// alias
/// @param ownAddresses the addresses of this server's listeners: literals of these are no way to anywhere else
/// @param separator what divides a local part from its subaddress (RFC 5233), usually `+`; empty: there are no
/// subaddresses
public record AddressSettings(
        List<OwnDomain> own,
        List<RelayDomain> relays,
        Aliases aliases,
        Optional<Mailbox> postmaster,
        Set<InetAddress> ownAddresses,
        String separator) {
    public AddressSettings {
        own = List.copyOf(own);
        relays = List.copyOf(relays);
        ownAddresses = Set.copyOf(ownAddresses);
    }
}
