package dev.postern.acme;

import java.security.cert.X509Certificate;

/// Says whether a certificate is renewed with the key that it has, or with another one; may ask the network.
@FunctionalInterface
public interface KeyChoice {
    /// Whether the key of this certificate stays.
    boolean isKept(X509Certificate current);

    /// Another key each time.
    static KeyChoice alwaysNew() {
        return current -> false;
    }
}
