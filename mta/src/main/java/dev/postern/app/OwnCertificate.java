package dev.postern.app;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The certificate that a server without one makes for itself at its first start, and keeps.
final class OwnCertificate {
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private OwnCertificate() {}

    /// Where the certificate for a host name is, once it was made.
    static Path file(Path folder, DomainName hostname) {
        return folder.resolve(hostname + ".crt.pem");
    }

    /// The certificate in a folder, made there if there is none for this host name.
    ///
    /// @param signer see {@link SelfSigned#make}
    /// @throws IOException with a sentence, if it can be neither read nor written
    static Identity in(Path folder, DomainName hostname, Instant now, Optional<Provider> signer) throws IOException {
        Path certificate = file(folder, hostname);
        Path key = folder.resolve(hostname + ".key.pem");
        if (holdsSomething(certificate) && holdsSomething(key)) {
            return Pem.readIdentity(certificate, key, signer);
        }
        SelfSigned.Made made = SelfSigned.make(List.of(hostname.text()), now, VALIDITY, signer);
        // The certificate comes last and whole: wherever we are killed or the power goes, what is there fits or is
        // made anew.
        Files.deleteIfExists(certificate);
        PrivateFile.write(key, Pem.write(made.keyPair()));
        PrivateFile.write(certificate, Pem.write(made.identity().chain()));
        return made.identity();
    }

    /// A power cut leaves an empty file where one was written and not synced, as these once were.
    private static boolean holdsSomething(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }
}
