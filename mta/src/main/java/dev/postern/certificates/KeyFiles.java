package dev.postern.certificates;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.Provider;
import java.util.Optional;

/// The two files of a certificate, PEM, which others may replace at any time.
///
/// @param certificate with its chain
/// @param key its private key; may be the same file
public record KeyFiles(Path certificate, Path key) {
    /// One file that holds both.
    public static KeyFiles in(Path file) {
        return new KeyFiles(file, file);
    }

    /// What is in them.
    ///
    /// @param signer see {@link Pem#readIdentity}
    /// @throws IOException with a sentence for the administrator, if they cannot be read, do not belong
    ///     together, or others than the key's owner and group may read or change it
    public Identity read(Optional<Provider> signer) throws IOException {
        Identity identity = Pem.readIdentity(certificate, key, signer);
        PrivateFile.requirePrivate(key);
        return identity;
    }

    /// How the files look from outside: another one means that they were replaced or written to.
    ///
    /// @return empty where one of them is not there
    Optional<String> stamp() throws IOException {
        try {
            return Optional.of(stamp(certificate) + " " + stamp(key));
        } catch (NoSuchFileException notThere) {
            return Optional.empty();
        }
    }

    private static String stamp(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.lastModifiedTime() + "/" + attributes.size() + "/" + attributes.fileKey();
    }
}
