package dev.postern.sasl;

/// Tells what is kept of a user's password for SCRAM; used by many threads, quick or blocking.
///
/// Who is not known is no secret that an implementation has to keep: {@link Scram} answers for the unknown.
public interface ScramLookup {
    /// Whether any user has keys; where none has, SCRAM is not offered.
    boolean hasKeys();

    /// What there is for a user name as the client gave it: valid UTF-8 without control characters.
    Finding keysOf(String user);

    /// What a look-up can come to.
    sealed interface Finding {
        /// The user's keys.
        ///
        /// @param user the user's name in its one canonical form
        record Found(String user, ScramKeys keys) implements Finding {}

        /// There is no such user, or none who can log in by SCRAM.
        ///
        /// @param user the name in the form that it would have if there were: one for all ways to write it
        record Unknown(String user) implements Finding {}

        /// The back end cannot answer now.
        ///
        /// @param why for the log, never for the peer
        record Unavailable(String why) implements Finding {}
    }
}
