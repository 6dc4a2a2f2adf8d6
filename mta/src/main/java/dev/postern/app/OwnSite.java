package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.crypto.Pem;
import dev.postern.dns.DomainName;
import dev.postern.mailauth.keys.KeyFile;
import dev.postern.mailauth.keys.KeyFolder;
import dev.postern.mailauth.keys.RetiredKey;
import dev.postern.zonerecords.SigningKeyRecord;
import dev.postern.zonerecords.SigningKeyRecord.Stage;
import dev.postern.zonerecords.Site;
import dev.postern.zonerecords.SiteKeys;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the records of our zones follow from, by the configuration and the keys on disk.
final class OwnSite {
    private OwnSite() {}

    /// The site of a configuration.
    ///
    /// @param today for keys that were retired, whose records have to stay for a while
    /// @throws IOException with a sentence, if a key cannot be read
    static Site of(Config config, LocalDate today) throws IOException {
        return new Site(
                new Site.Names(config.hostname(), config.domains().local()),
                SiteKeys.of(
                        signing(new KeyFolder(config.signing().folder()), Retirement.of(config), today),
                        config.hostname(),
                        certificates(config)),
                config.reports().read(),
                config.mtaSts().own());
    }

    /// The records of all keys in a folder that are needed now.
    static List<SigningKeyRecord> signing(KeyFolder folder, Retirement retirement, LocalDate today) throws IOException {
        List<SigningKeyRecord> records = new ArrayList<>();
        for (KeyFile file : folder.active()) {
            records.add(record(file, Stage.ACTIVE));
        }
        for (DomainName domain : folder.waiting()) {
            for (KeyFile file : folder.waiting(domain)) {
                records.add(record(file, Stage.WAITING));
            }
        }
        for (RetiredKey key : folder.retired()) {
            if (!today.isAfter(retirement.until(key.since()))) {
                records.add(record(key.file(), Stage.RETIRED));
            }
        }
        return records;
    }

    private static SigningKeyRecord record(KeyFile file, Stage stage) throws IOException {
        return new SigningKeyRecord(file.domain(), file.record(), file.read(Optional.empty()), stage);
    }

    /// The certificates that listeners show, and those that have come and wait.
    private static List<X509Certificate> certificates(Config config) throws IOException {
        List<Path> files = new ArrayList<>();
        Path tls = config.data().resolve("tls");
        if (Files.isDirectory(tls.resolve("shown"))) {
            try (DirectoryStream<Path> shown = Files.newDirectoryStream(tls.resolve("shown"), "*.pem")) {
                shown.forEach(files::add);
            }
        }
        config.tls().certificates().forEach(read -> files.add(read.files().certificate()));
        config.tls()
                .acme()
                .map(Config.Acme::settings)
                .ifPresent(settings -> CertificateOffice.folder(config)
                        .certificates(settings)
                        .forEach(awaited -> files.add(awaited.certificate())));
        List<X509Certificate> certificates = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                certificates.add(Pem.readCertificates(file).getFirst());
            }
        }
        Path own = OwnCertificate.file(tls, config.hostname());
        return certificates.isEmpty() && Files.exists(own)
                ? List.of(Pem.readCertificates(own).getFirst())
                : List.copyOf(certificates);
    }
}
