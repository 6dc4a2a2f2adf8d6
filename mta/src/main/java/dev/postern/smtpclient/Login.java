package dev.postern.smtpclient;

/// A name and its secret for AUTH, only ever sent under TLS.
public record Login(String user, String password) {
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
