package dev.postern.accounts;

import java.util.Map;

class MemoryAccountsTest extends AccountBackEndContract {
    private final MemoryAccounts accounts =
            new MemoryAccounts(Map.of("alice@example.org", "open sesame", "josé@example.org", "pässwörd"));

    @Override
    AccountBackEnd backEnd() {
        return accounts;
    }
}
