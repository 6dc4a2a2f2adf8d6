package dev.postern.route;

import dev.postern.smtp.Mailbox;

/// Tells which inboxes exist in a domain of ours; quick, from memory, called by many threads.
@FunctionalInterface
public interface InboxLookup {
    /// Whether there is an inbox of this address.
    ///
    /// @param inbox an address in the domain: lower case, Unicode form C, without subaddress
    boolean exists(Mailbox inbox);

    /// Every address has an inbox: another server behind us decides.
    static InboxLookup any() {
        return inbox -> true;
    }

    /// No address has an inbox: the domain lives from its aliases.
    static InboxLookup none() {
        return inbox -> false;
    }
}
