package dev.postern.app.config;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// The section `[tls]`: which certificate we show, and whose we trust.
final class TlsSection {
    private final Section section;
    private final Path folder;

    private TlsSection(Section section, Path folder) {
        this.section = section;
        this.folder = folder;
    }

    /// Reads it.
    ///
    /// @param folder where relative paths begin
    static Config.Tls read(Section section, Path folder) {
        TlsSection reading = new TlsSection(section, folder);
        Config.Tls tls = new Config.Tls(
                reading.identity(),
                reading.roots(),
                section.choice("provider", "auto", List.of("auto", "conscrypt", "jsse")));
        section.finish();
        return tls;
    }

    private Optional<Identity> identity() {
        Optional<Path> certificate = section.string("certificate").map(folder::resolve);
        Optional<Path> key = section.string("key").map(folder::resolve);
        if (section.has("certificate") != section.has("key")) {
            section.fault(
                    section.has("certificate") ? "certificate" : "key",
                    "\"tls.certificate\" and \"tls.key\" belong together; write both or none");
        } else if (certificate.isPresent() && key.isPresent()) {
            try {
                return Optional.of(Pem.readIdentity(
                        certificate.get(), key.get(), TlsProvider.best().provider()));
            } catch (IOException e) {
                section.fault("certificate", String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private List<X509Certificate> roots() {
        Optional<Path> trust = section.string("trust").map(folder::resolve);
        if (trust.isPresent()) {
            try {
                return Pem.readCertificates(trust.get());
            } catch (IOException e) {
                section.fault("trust", String.valueOf(e.getMessage()));
            }
        }
        return List.of();
    }
}
