package dev.postern.accounts;

import dev.postern.sasl.CredentialCheck;
import dev.postern.sasl.ScramLookup;
import java.util.Optional;

/// Who the users are: whether a password is one's, what is kept of it for SCRAM, and what one may send as. Used by many
/// threads.
///
/// The mechanisms know nothing else of users, so that a directory, a database or another server's can take the place of
/// the account file. {@link MemoryAccounts} is the shortest one; every one passes the same tests.
public interface AccountBackEnd extends CredentialCheck, ScramLookup {
    /// What a user may send as; empty if there is none of this name.
    ///
    /// @param user a canonical name, as {@link CredentialCheck.Outcome.Known} has it
    Optional<AccountRights> rights(String user);

    /// One name for all the ways to write the name of one user, also where there is none; quick, from memory.
    String canonical(String user);
}
