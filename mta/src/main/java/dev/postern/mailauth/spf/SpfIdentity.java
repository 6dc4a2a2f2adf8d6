package dev.postern.mailauth.spf;

/// Which of a client's claims is checked.
///
/// @rfc 7208 §2.3, §2.4
public enum SpfIdentity {
    /// The name in HELO or EHLO.
    HELO("helo"),
    /// The reverse-path; for the null path, the postmaster at the name in HELO.
    MAIL_FROM("mailfrom");

    private final String word;

    SpfIdentity(String word) {
        this.word = word;
    }

    /// The word in header fields: `helo` or `mailfrom`.
    public String word() {
        return word;
    }
}
