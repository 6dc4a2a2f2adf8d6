package dev.postern.accounts;

import dev.postern.smtp.Mailbox;
import java.util.List;
import java.util.Optional;

/// Somebody with an inbox here, who may log in if there is a password.
///
/// @param inbox the address of the inbox and the name to log in with, in lower case
/// @param secrets what is kept of the password, empty where logging in is not possible
/// @param senders further addresses the account may send as, in lower case: `name@domain`,
///     or `@domain` for all of a domain
public record Account(Mailbox inbox, Optional<AccountSecrets> secrets, List<String> senders) {
    public Account {
        senders = List.copyOf(senders);
    }

    /// What the account may send as.
    public AccountRights rights() {
        return new AccountRights(inbox, senders);
    }

    /// The line of the account file that holds this account.
    String toLine() {
        String line = inbox + " " + secrets.map(AccountSecrets::toString).orElse("!");
        return senders.isEmpty() ? line : line + " " + String.join(",", senders);
    }
}
