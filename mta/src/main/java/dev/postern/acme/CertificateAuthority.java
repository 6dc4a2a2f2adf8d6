package dev.postern.acme;

import dev.postern.dns.DomainName;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Whoever issues certificates; used by one thread, which it blocks for a bounded time.
interface CertificateAuthority {
    /// Orders a certificate, shows what the authority looks for, and fetches it.
    Issuance issue(Order order) throws InterruptedException;

    /// When a certificate should be renewed; empty where the authority does not say, or cannot be asked.
    Optional<RenewalWindow> window(X509Certificate certificate);

    /// What is ordered.
    ///
    /// @param key the certificate's
    /// @param replaces the certificate that it is for
    record Order(List<DomainName> names, KeyPair key, Optional<X509Certificate> replaces) {
        public Order {
            names = List.copyOf(names);
        }

        /// Names the names, never the key.
        @Override
        public String toString() {
            return "Order" + names;
        }
    }
}
