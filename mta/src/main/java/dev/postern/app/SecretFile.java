package dev.postern.app;

import dev.postern.crypto.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A file for its owner's eyes only: a secret that a server makes for itself at its first start and keeps, or
/// the accounts.
final class SecretFile {
    private SecretFile() {}

    /// The file, made where there was none: for the owner's eyes only, and on disk before it is used.
    ///
    /// @param fresh the text of a new one
    static Path at(Path file, Supplier<String> fresh) throws IOException {
        if (!Files.exists(file)) {
            write(file, fresh.get());
        }
        return file;
    }

    /// Makes this text all that the file holds: after a crash it is the old one or the new one.
    static void write(Path file, String text) throws IOException {
        PrivateFile.write(file, text);
    }
}
