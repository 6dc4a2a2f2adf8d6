package dev.postern.acme;

import dev.postern.certificates.KeyFiles;
import dev.postern.crypto.Identity;
import dev.postern.crypto.Pem;
import dev.postern.crypto.PrivateFile;
import dev.postern.crypto.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is kept of our dealings with authorities, each file with mode 0600: the key of our account with each
/// authority, each certificate with its key in one file, and the journal.
public record AcmeFolder(Path path) {
    private static final String JOURNAL = "journal";

    /// The files of the certificates that settings ask for, whether they are there yet or not.
    public List<KeyFiles> certificates(AcmeSettings settings) {
        return settings.keys().stream().map(kind -> certificate(settings, kind)).toList();
    }

    KeyFiles certificate(AcmeSettings settings, SelfSigned.Kind kind) {
        return KeyFiles.in(
                path.resolve(settings.names().getFirst() + "." + kind.name().toLowerCase(Locale.ROOT) + ".pem"));
    }

    /// The certificate of a kind that there is; empty where there is none, or it cannot be read.
    Optional<Identity> current(AcmeSettings settings, SelfSigned.Kind kind) {
        KeyFiles files = certificate(settings, kind);
        try {
            return Files.exists(files.certificate()) ? Optional.of(files.read(Optional.empty())) : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty(); // another one takes its place
        }
    }

    void keep(AcmeSettings settings, SelfSigned.Kind kind, Identity identity) throws IOException {
        PrivateFile.write(certificate(settings, kind).certificate(), Pem.write(identity));
    }

    /// The key of our account with an authority, made where there is none.
    KeyPair account(URI directory) throws IOException {
        String name = (directory.getAuthority() + directory.getPath()).replaceAll("[^A-Za-z0-9.-]", "_");
        Path file = path.resolve("account." + name + ".pem");
        if (Files.exists(file)) {
            return Pem.parsePair(Files.readString(file), file.toString());
        }
        KeyPair pair = SelfSigned.Kind.ECDSA.pair(Optional.empty());
        PrivateFile.write(file, Pem.write(pair));
        return pair;
    }

    /// @throws IOException with a sentence, if there is one that cannot be read
    AcmeJournal journal() throws IOException {
        Path file = path.resolve(JOURNAL);
        if (!Files.exists(file)) {
            return AcmeJournal.empty();
        }
        return AcmeJournal.parse(Files.readString(file, StandardCharsets.ISO_8859_1))
                .orElseThrow(() -> new IOException(file + " is not what we have written; remove it"));
    }

    void keep(AcmeJournal journal) throws IOException {
        PrivateFile.write(path.resolve(JOURNAL), journal.text());
    }
}
