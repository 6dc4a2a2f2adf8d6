package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A running Knot DNS on loopback that is the whole name space: one zone for the root, and zones
/// that are out of order.
public final class Knot implements AutoCloseable {
    private static final String PEER = "knot";

    // %PORT% and %BROKEN% are filled in.
    private static final String CONFIGURATION = """
            server:
                rundir: "/run"
                listen: 127.0.0.1@%PORT%
                udp-workers: 1
                tcp-workers: 1
                background-workers: 1
            log:
              - target: stderr
                any: info
            database:
                storage: "/mnt/db"
            template:
              - id: default
                storage: "/mnt/zones"
                zonefile-sync: -1
                journal-content: none
            zone:
              - domain: .
                file: root.zone
            %BROKEN%""";

    // Whatever does not exist is known not to exist; nobody remembers it for long.
    private static final String APEX = """
            $ORIGIN .
            $TTL 60
            @ SOA ns.root.test. joe.root.test. 1 3600 600 86400 60
            @ NS ns.root.test.
            ns.root.test. A 127.0.0.1
            """;

    private final int port;
    private final ServedPeer served;

    private Knot(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param records of the root zone, a master file with names that end in a dot, without SOA and
    ///     NS
    /// @param broken domains below which every question is answered with SERVFAIL
    public static Knot start(Path path, String records, List<String> broken) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        folder.folder("db", 0);
        folder.file("zones/root.zone", APEX + records);
        // Their files do not exist: Knot serves zones that it could not load like this.
        String unloaded = broken.stream()
                .map(domain -> "  - domain: " + domain + "\n    file: missing.zone\n")
                .collect(Collectors.joining());
        folder.file(
                "knot.conf",
                CONFIGURATION.replace("%PORT%", Integer.toString(port)).replace("%BROKEN%", unloaded));
        ServedPeer served = ServedPeer.start(PEER, folder.path(), List.of("knotd", "-c", "/mnt/knot.conf"), port);
        return new Knot(port, served);
    }

    /// Its port on 127.0.0.1, for UDP and TCP.
    public int port() {
        return port;
    }

    /// Its log so far.
    public String log() {
        return served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
