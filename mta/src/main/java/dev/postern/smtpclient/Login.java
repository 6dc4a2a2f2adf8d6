package dev.postern.smtpclient;

/// A name and its secret for AUTH, only ever sent under TLS.
///
/// @param verified whether the certificate of the server is, so that the password may be sent to it where a proof by
///     SCRAM is refused
public record Login(String user, String password, boolean verified) {
    /// A login at a server that nobody vouches for.
    public Login(String user, String password) {
        this(user, password, false);
    }

    /// @throws IllegalArgumentException if one holds a NUL, which PLAIN cannot carry (RFC 4616 §2)
    public Login {
        if (user.indexOf(0) >= 0 || password.indexOf(0) >= 0) {
            throw new IllegalArgumentException("a NUL in a login");
        }
    }

    /// The name, without the secret.
    @Override
    public String toString() {
        return "Login[user=" + user + "]";
    }
}
