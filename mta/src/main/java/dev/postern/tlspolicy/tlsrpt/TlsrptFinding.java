package dev.postern.tlspolicy.tlsrpt;

/// What DNS says of TLS reports for a domain.
public sealed interface TlsrptFinding {
    /// It wants them.
    ///
    /// @param record with one place at least
    record Wanted(TlsrptRecord record) implements TlsrptFinding {
        /// @throws IllegalArgumentException if there is no place
        public Wanted {
            if (record.places().isEmpty()) {
                throw new IllegalArgumentException("reports to nowhere");
            }
        }
    }

    /// It says nothing of them.
    record NotPublished() implements TlsrptFinding {}

    /// What it says leads nowhere.
    ///
    /// @param why a sentence
    record Useless(String why) implements TlsrptFinding {}

    /// Nobody knows now.
    ///
    /// @param why a sentence
    record Unknown(String why) implements TlsrptFinding {}
}
