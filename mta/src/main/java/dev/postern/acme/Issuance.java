package dev.postern.acme;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an order came to.
sealed interface Issuance {
    /// A certificate.
    ///
    /// @param chain the certificate itself first
    record Issued(List<X509Certificate> chain) implements Issuance {}

    /// None.
    ///
    /// @param why in words
    /// @param notBefore when the authority may be asked again, where it says so
    record Failed(String why, Optional<Instant> notBefore) implements Issuance {}
}
