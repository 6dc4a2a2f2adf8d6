package dev.postern.zonerecords;

import dev.postern.crypto.DerCertificate;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A folder with a small file for each certificate that waits, so that a start does not make its time begin anew.
///
/// @param path made at the first file
record RolloverFolder(Path path) {
    private static final String SUFFIX = ".waits";
    private static final String PUBLISHED = "published";
    private static final int NAME_DIGITS = 24;
    private static final int LONGEST = 200;
    private static final Duration OLD = Duration.ofDays(100);

    /// What is remembered of a certificate; nothing, where that cannot be read.
    RolloverMemory read(X509Certificate certificate) {
        Path file = file(certificate);
        try {
            return Files.size(file) > LONGEST ? RolloverMemory.NONE : RolloverMemory.parse(Files.readString(file));
        } catch (NoSuchFileException | CharacterCodingException nothing) {
            return RolloverMemory.NONE; // it waits for the first time, or the file is none of ours
        } catch (IOException unreadable) {
            return RolloverMemory.NONE; // then the time begins anew, which is the safe side
        }
    }

    /// Remembers something of a certificate, and forgets those that have waited longer than any certificate is good
    /// for.
    void write(X509Certificate certificate, RolloverMemory memory, Instant now) throws IOException {
        PrivateFile.write(file(certificate), memory.text() + "\n");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + SUFFIX)) {
            for (Path other : files) {
                if (Files.getLastModifiedTime(other).toInstant().isBefore(now.minus(OLD))) {
                    Files.deleteIfExists(other);
                }
            }
        }
    }

    /// Notes whether there are TLSA records of ours: that there are some as soon as some are seen, that there are none
    /// only where everything was told.
    void note(List<TlsaInquiry.Heard> heard) throws IOException {
        if (heard.stream().anyMatch(TlsaInquiry.Heard::isAny)) {
            Files.createDirectories(path);
            if (!isPublished()) {
                Files.createFile(path.resolve(PUBLISHED));
            }
        } else if (heard.stream().allMatch(one -> one.untold().isEmpty())) {
            Files.deleteIfExists(path.resolve(PUBLISHED));
        }
    }

    /// Whether there were TLSA records of ours when DNS told the last time.
    boolean isPublished() {
        return Files.exists(path.resolve(PUBLISHED));
    }

    /// Forgets a certificate.
    void forget(X509Certificate certificate) throws IOException {
        Files.deleteIfExists(file(certificate));
    }

    private Path file(X509Certificate certificate) {
        return path.resolve(Sha256.hex(DerCertificate.of(certificate)).substring(0, NAME_DIGITS) + SUFFIX);
    }
}
