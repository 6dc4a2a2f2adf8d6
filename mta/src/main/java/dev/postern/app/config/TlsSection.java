package dev.postern.app.config;

import dev.postern.certificates.CertificateSources;
import dev.postern.certificates.KeyFiles;
import dev.postern.event.IoFault;
import dev.postern.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The section `[tls]`: which certificates we show, and whose we trust.
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
    /// @param site what challenges of an authority need around them
    static Config.Tls read(Section section, Path folder, AcmeSection.Site site) {
        TlsSection reading = new TlsSection(section, folder);
        Config.Tls tls = new Config.Tls(
                reading.certificates(),
                TrustKey.read(section, folder),
                Set.copyOf(section.parsedList("distrust", Fingerprint.EXPECTED, Fingerprint::parse)),
                section.choice("provider", "auto", List.of("auto", "conscrypt", "jsse")),
                AcmeSection.read(section.section("acme"), folder, site));
        section.finish();
        return tls;
    }

    private List<CertificateSources.Read> certificates() {
        List<Path> certificates =
                section.strings("certificate").stream().map(folder::resolve).toList();
        List<Path> keys = section.strings("key").stream().map(folder::resolve).toList();
        List<CertificateSources.Read> read = new ArrayList<>();
        if (isUnread("certificate", certificates) || isUnread("key", keys)) {
            return read; // what is wrong with it is told already
        }
        if (certificates.size() != keys.size()) {
            section.fault(
                    certificates.size() > keys.size() ? "certificate" : "key",
                    "\"tls.certificate\" and \"tls.key\" belong together; write as many of the one as of the other,"
                            + " in the same order, or none");
            return read;
        }
        for (int i = 0; i < keys.size(); i++) {
            KeyFiles files = new KeyFiles(certificates.get(i), keys.get(i));
            try {
                read.add(new CertificateSources.Read(
                        files, files.read(TlsProvider.best().provider())));
            } catch (IOException e) {
                section.fault("certificate", IoFault.sentence(e));
            }
        }
        return read;
    }

    private boolean isUnread(String key, List<Path> values) {
        return section.has(key) && values.isEmpty();
    }
}
