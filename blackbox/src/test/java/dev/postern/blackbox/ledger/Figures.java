package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a scenario measured: printed, and kept in `blackbox/target/figures`.
final class Figures {
    private Figures() {}

    static void tell(String scenario, String figures) throws IOException {
        System.out.println(scenario + ": " + figures);
        Path folder = Files.createDirectories(Peers.root().resolve("blackbox/target/figures"));
        Files.writeString(folder.resolve(scenario + ".txt"), figures + "\n");
    }
}
