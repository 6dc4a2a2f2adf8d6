package dev.postern.accounts;

import dev.postern.sasl.MemoryCredentials;
import dev.postern.smtp.Mailbox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Accounts in memory, with passwords in the clear, who may send as themselves only: for tests and trials.
public final class MemoryAccounts implements AccountBackEnd {
    private final MemoryCredentials credentials;
    private final Map<String, AccountRights> rights = new LinkedHashMap<>();

    /// @param passwords by address
    /// @throws IllegalArgumentException if an address is none or a password is empty
    public MemoryAccounts(Map<String, String> passwords) {
        credentials = new MemoryCredentials(passwords);
        for (String address : passwords.keySet()) {
            Mailbox inbox = AccountTable.inbox(address)
                    .orElseThrow(() -> new IllegalArgumentException(address + " is no address"));
            rights.put(canonical(address), new AccountRights(inbox, List.of()));
        }
    }

    @Override
    public Outcome check(String user, String password) {
        return credentials.check(canonical(user), password);
    }

    @Override
    public boolean hasKeys() {
        return credentials.hasKeys();
    }

    @Override
    public Finding keysOf(String user) {
        return credentials.keysOf(canonical(user));
    }

    @Override
    public Optional<AccountRights> rights(String user) {
        return Optional.ofNullable(rights.get(canonical(user)));
    }

    @Override
    public String canonical(String user) {
        return AccountTable.canonical(user);
    }
}
