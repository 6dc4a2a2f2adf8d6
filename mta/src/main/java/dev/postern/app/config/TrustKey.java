package dev.postern.app.config;

import dev.postern.crypto.Pem;
import dev.postern.event.IoFault;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// The key `trust` of a section: whose certificates are trusted.
final class TrustKey {
    private TrustKey() {}

    /// The certificates of its file; none, where there is no such key, or they cannot be read.
    ///
    /// @param folder where relative paths begin
    static List<X509Certificate> read(Section section, Path folder) {
        Optional<Path> trust = section.string("trust").map(folder::resolve);
        if (trust.isPresent()) {
            try {
                return Pem.readCertificates(trust.get());
            } catch (IOException e) {
                section.fault("trust", IoFault.sentence(e));
            }
        }
        return List.of();
    }
}
