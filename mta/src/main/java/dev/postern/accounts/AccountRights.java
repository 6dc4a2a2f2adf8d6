package dev.postern.accounts;

import dev.postern.smtp.Mailbox;
import java.util.List;

/// What an account may send as.
///
/// @param inbox its own address
/// @param senders further ones, in lower case: `name@domain`, or `@domain` for all of a domain
public record AccountRights(Mailbox inbox, List<String> senders) {
    public AccountRights {
        senders = List.copyOf(senders);
    }
}
