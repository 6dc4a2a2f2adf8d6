package dev.postern.bench.beside;

import java.util.List;

/// How the sender uses connections.
enum Mode {
    /// A new connection for each message.
    CONNECTION_A_MESSAGE("a connection for each message"),
    /// Each session keeps its connection (`smtp-source -d`).
    CONNECTIONS_KEPT("connections kept (-d)");

    private final String words;

    Mode(String words) {
        this.words = words;
    }

    /// As it stands in the table.
    String words() {
        return words;
    }

    /// The switches of smtp-source that make it so.
    List<String> switches() {
        return switch (this) {
            case CONNECTION_A_MESSAGE -> List.of();
            case CONNECTIONS_KEPT -> List.of("-d");
        };
    }
}
