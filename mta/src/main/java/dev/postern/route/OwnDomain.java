package dev.postern.route;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Mailbox;
import java.util.Optional;

/// A domain whose inboxes are here.
///
/// @param transport the name of the transport that writes its inboxes, such as `maildir` or `lmtp`
/// @param inboxes which inboxes exist
/// @param catchAll who gets what is addressed to nobody in particular, if anybody does
public record OwnDomain(DomainName name, String transport, InboxLookup inboxes, Optional<Mailbox> catchAll) {
    /// A domain without a catch-all.
    public static OwnDomain of(DomainName name, String transport, InboxLookup inboxes) {
        return new OwnDomain(name, transport, inboxes, Optional.empty());
    }
}
