package dev.postern.accounts;

import dev.postern.crypto.PasswordHash;
import dev.postern.sasl.SaslPrep;
import dev.postern.sasl.ScramKeys;
import java.security.SecureRandom;
import java.util.Optional;

/// What is kept of a password, for each mechanism what it needs.
///
/// @param hash for PLAIN and LOGIN
/// @param scram for SCRAM; empty where the password was set before there was SCRAM, and then the hash is that of the
///     password as it was typed
public record AccountSecrets(PasswordHash hash, Optional<ScramKeys> scram) {
    /// The secrets of a new password, which is prepared (RFC 4013); empty if it cannot be. Takes some hundred
    /// milliseconds.
    public static Optional<AccountSecrets> make(String password, SecureRandom random) {
        return SaslPrep.stored(password)
                .filter(prepared -> !prepared.isEmpty())
                .map(prepared -> new AccountSecrets(
                        PasswordHash.make(prepared, random), Optional.of(ScramKeys.make(prepared, random))));
    }

    /// Whether a password is this one; takes tens of milliseconds, also for a wrong one.
    boolean matches(String password) {
        return hash.matches(scram.isPresent() ? SaslPrep.query(password).orElse(password) : password);
    }

    /// The fields of the account file.
    @Override
    public String toString() {
        return scram.map(keys -> hash + " " + keys).orElseGet(hash::toString);
    }
}
