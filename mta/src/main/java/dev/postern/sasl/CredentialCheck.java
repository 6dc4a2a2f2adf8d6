package dev.postern.sasl;

/// Tells whether a password is a user's; used by many threads, blocks while it works.
///
/// Whoever implements it does the same work for a user who does not exist as for a wrong password, so that neither the
/// answer nor its time tells which names are taken.
@FunctionalInterface
public interface CredentialCheck {
    /// What came of the check of a user name and a password, both as the client gave them: valid UTF-8 without control
    /// characters.
    Outcome check(String user, String password);

    /// What a check can come to.
    sealed interface Outcome {
        /// The password is this user's.
        ///
        /// @param user the user's name in its one canonical form
        record Known(String user) implements Outcome {}

        /// There is no such user, or the password is another; which of the two is not told.
        record Wrong() implements Outcome {}

        /// The back end cannot answer now.
        ///
        /// @param why for the log, never for the peer
        record Unavailable(String why) implements Outcome {}
    }

    /// The check that knows nobody.
    static CredentialCheck nobody() {
        return (user, password) -> new Outcome.Wrong();
    }
}
