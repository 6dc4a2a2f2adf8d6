package dev.postern.accounts;

import dev.postern.crypto.PasswordHash;
import dev.postern.sasl.ScramKeys;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/// The accounts of the running server; used by all sessions, replaced as a whole by {@link #use}.
///
/// Passwords are checked on the executor given, a small pool of platform threads: a check takes
/// tens of milliseconds of a processor and 19 MiB, so the pool bounds what a flood of logins can
/// cost.
public final class Accounts implements AccountBackEnd {
    private final AtomicReference<AccountTable> table;
    private final Executor hashing;
    private final AccountSecrets decoy;

    /// @param hashing runs the password checks; rejects when too many wait
    public Accounts(AccountTable table, Executor hashing) {
        this.table = new AtomicReference<>(table);
        this.hashing = hashing;
        this.decoy = new AccountSecrets(PasswordHash.ofNothing(new SecureRandom()), Optional.empty());
    }

    /// Uses another table from now on.
    public void use(AccountTable next) {
        table.set(next);
    }

    @Override
    public String canonical(String user) {
        return AccountTable.canonical(user);
    }

    @Override
    public Optional<AccountRights> rights(String user) {
        return table.get().named(user).map(Account::rights);
    }

    @Override
    public boolean hasKeys() {
        return table.get().hasKeys();
    }

    @Override
    public Finding keysOf(String user) {
        Optional<Account> account = table.get().named(user);
        Optional<ScramKeys> keys = account.flatMap(Account::secrets).flatMap(AccountSecrets::scram);
        return keys.isPresent()
                ? new Finding.Found(account.orElseThrow().inbox().toString(), keys.get())
                : new Finding.Unknown(canonical(user));
    }

    /// The same work for everybody: where there is nothing to compare with, the password is compared with nothing.
    @Override
    public Outcome check(String user, String password) {
        Optional<Account> account = table.get().named(user);
        Optional<AccountSecrets> secrets = account.flatMap(Account::secrets);
        AccountSecrets compared = secrets.orElse(decoy);
        try {
            boolean right = CompletableFuture.supplyAsync(() -> compared.matches(password), hashing)
                    .join();
            return right && secrets.isPresent()
                    ? new Outcome.Known(account.get().inbox().toString())
                    : new Outcome.Wrong();
        } catch (RejectedExecutionException e) {
            return new Outcome.Unavailable("too many logins are being checked");
        } catch (CompletionException e) {
            return new Outcome.Unavailable("the password could not be checked: " + e.getCause());
        }
    }
}
