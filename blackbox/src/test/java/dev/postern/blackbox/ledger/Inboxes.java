package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Maildir;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The Maildirs that the server writes, below one folder by domain and local part.
///
/// @param root the folder; it need not exist yet
record Inboxes(Path root) {
    /// Enters every message that lies there into the ledger and removes it.
    void collect(Ledger ledger) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        try (DirectoryStream<Path> domains = Files.newDirectoryStream(root)) {
            for (Path domain : domains) {
                try (DirectoryStream<Path> inboxes = Files.newDirectoryStream(domain)) {
                    for (Path inbox : inboxes) {
                        collect(inbox, inbox.getFileName() + "@" + domain.getFileName(), ledger);
                    }
                }
            }
        }
    }

    private static void collect(Path inbox, String address, Ledger ledger) throws IOException {
        for (Path file : new Maildir(inbox).files()) {
            ledger.arrived(Copy.read(Files.readAllBytes(file)), address);
            Files.delete(file);
        }
    }
}
