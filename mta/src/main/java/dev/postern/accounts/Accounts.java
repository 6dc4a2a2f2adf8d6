package dev.postern.accounts;

import dev.postern.crypto.PasswordHash;
import dev.postern.sasl.CredentialCheck;
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
public final class Accounts implements CredentialCheck {
    private final AtomicReference<AccountTable> table;
    private final Executor hashing;
    private final PasswordHash decoy;

    /// @param hashing runs the password checks; rejects when too many wait
    public Accounts(AccountTable table, Executor hashing) {
        this.table = new AtomicReference<>(table);
        this.hashing = hashing;
        this.decoy = PasswordHash.ofNothing(new SecureRandom());
    }

    /// Uses another table from now on.
    public void use(AccountTable next) {
        table.set(next);
    }

    /// The account of an authenticated user.
    public Optional<Account> find(String user) {
        return AccountTable.inbox(user).flatMap(inbox -> table.get().find(inbox));
    }

    @Override
    public Outcome check(String user, String password) {
        Optional<Account> account = find(user);
        PasswordHash hash = account.flatMap(Account::password).orElse(decoy);
        boolean canLogIn = account.flatMap(Account::password).isPresent();
        try {
            boolean right = CompletableFuture.supplyAsync(() -> hash.matches(password), hashing)
                    .join();
            return right && canLogIn ? new Outcome.Known(account.get().inbox().toString()) : new Outcome.Wrong();
        } catch (RejectedExecutionException e) {
            return new Outcome.Unavailable("too many logins are being checked");
        } catch (CompletionException e) {
            return new Outcome.Unavailable("the password could not be checked: " + e.getCause());
        }
    }
}
