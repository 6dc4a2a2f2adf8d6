package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The folder of one peer: our side of what the peer sees as `/mnt`.
record Folder(Path path) {
    // Numbers of the accounts that dev/peers makes in the peers' own account files.
    static final int POSTFIX = 60101;
    static final int EXIM = 60103;
    static final int VMAIL = 60108;

    /// Makes the folder where it does not exist, and lets every account of a peer enter it.
    static Folder at(Path path) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Folder(path);
    }

    /// Makes a folder in it that belongs to this account.
    Path folder(String name, int owner) throws IOException {
        Path made = Files.createDirectories(path.resolve(name));
        Files.setAttribute(made, "unix:uid", owner);
        Files.setAttribute(made, "unix:gid", owner);
        return made;
    }

    /// Writes a text file in it, with the folders above it.
    Path file(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /// The one Maildir into which a receiver puts whatever arrives.
    Maildir inbox() {
        return new Maildir(path.resolve("mail/inbox"));
    }
}
