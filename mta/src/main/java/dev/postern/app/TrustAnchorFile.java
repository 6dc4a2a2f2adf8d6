package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.crypto.PrivateFile;
import dev.postern.dns.client.AnchorTable;
import dev.postern.dns.client.TrustAnchors;
import dev.postern.dns.client.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// The file in which the keys that DNSSEC begins with are kept as they were followed (RFC 5011).
///
/// @param configured those that it began with
record TrustAnchorFile(Path file, TrustAnchors configured) {
    private static final int MOST_OCTETS = 1 << 18;

    /// The one of a configuration; empty where it does not validate itself.
    static Optional<TrustAnchorFile> in(Config config) {
        return config.dns()
                .validation()
                .filter(Validation.Self.class::isInstance)
                .map(self -> new TrustAnchorFile(
                        config.data().resolve("trust-anchors"), ((Validation.Self) self).anchors()));
    }

    /// What is known; nothing was seen where there is no file.
    ///
    /// @throws IOException with a sentence for the administrator: it is not known which keys were revoked
    AnchorTable read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(MOST_OCTETS + 1);
            if (octets.length > MOST_OCTETS) {
                throw new IOException("it is too long");
            }
            return AnchorTable.parse(new String(octets, StandardCharsets.ISO_8859_1), configured);
        } catch (NoSuchFileException none) {
            return AnchorTable.of(configured);
        } catch (IOException unreadable) {
            throw new IOException(
                    "the keys of DNSSEC in " + file + " cannot be read: " + unreadable.getMessage()
                            + "; remove the file to begin with the configured ones again",
                    unreadable);
        }
    }

    /// Keeps it: after a crash the file is the old one or the new one.
    void write(AnchorTable table) throws IOException {
        PrivateFile.write(file, table.text());
    }
}
