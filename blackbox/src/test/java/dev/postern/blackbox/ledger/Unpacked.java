package dev.postern.blackbox.ledger;

import dev.postern.blackbox.peers.Peers;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.stream.Stream;

/// Files of the peer `torture`, for what is used in the server's own process or beside it rather than started as a
/// peer.
final class Unpacked {
    private static final int DEPTH = 3;

    private Unpacked() {}

    /// A program.
    static Path program(String name) {
        return usr().resolve("bin").resolve(name);
    }

    /// A library, whatever the architecture's folder is called.
    static Path library(String name) throws IOException {
        PathMatcher named = FileSystems.getDefault().getPathMatcher("glob:**/" + name);
        try (Stream<Path> all = Files.walk(usr().resolve("lib"), DEPTH)) {
            return all.filter(named::matches)
                    .findFirst()
                    .orElseThrow(() -> new IOException("the peer torture has no " + name))
                    .toRealPath();
        }
    }

    private static Path usr() {
        return Peers.root().resolve(".peers/torture/usr");
    }
}
