package dev.postern.certificates;

import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.Provider;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A folder with copies of the certificates and keys that are shown, so that a start shows what was shown before it
/// while what has come since has to wait: others overwrite the files that these were read from.
///
/// @param folder of files with mode 0600, made at the first copy
record ShownCopies(Path folder, Optional<Provider> signer) {
    private static final int NAME_OCTETS = 12;

    /// What was shown from these files.
    ///
    /// @return empty where nothing was, or it can no longer be read
    Optional<Identity> of(KeyFiles files) {
        Path copy = copy(files);
        if (!Files.exists(copy)) {
            return Optional.empty();
        }
        try {
            return Optional.of(KeyFiles.in(copy).read(signer));
        } catch (IOException tornOrForeign) {
            return Optional.empty(); // as if it had never been kept: what is in the files is shown
        }
    }

    /// Keeps what is shown from these files.
    void keep(KeyFiles files, Identity shown) throws IOException {
        PrivateFile.write(copy(files), Pem.write(shown));
    }

    /// Removes what was shown from any other files than these.
    void keepOnly(Collection<KeyFiles> files) throws IOException {
        Set<Path> known = files.stream().map(this::copy).collect(Collectors.toSet());
        try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder, "*.pem")) {
            for (Path copy : copies) {
                if (!known.contains(copy)) {
                    Files.deleteIfExists(copy);
                }
            }
        } catch (NoSuchFileException nothingKept) {
            return; // without a folder there is nothing to remove
        }
    }

    private Path copy(KeyFiles files) {
        String paths = files.certificate().toAbsolutePath() + "\0" + files.key().toAbsolutePath();
        return folder.resolve(Sha256.name(paths, NAME_OCTETS) + ".pem");
    }
}
