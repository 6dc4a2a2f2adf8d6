package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A running Knot DNS on loopback that is the whole name space: one zone for the root, and zones
/// that are out of order.
public final class Knot implements AutoCloseable {
    private static final String PEER = "knot";
    private static final int DNS_PORT = 53;

    // %PORT%, %ADDRESS% and %MORE% are filled in.
    private static final String CONFIGURATION = """
            server:
                rundir: "/mnt/run"
                listen: [127.0.0.1@%PORT%, %ADDRESS%@53]
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
            %MORE%""";

    // Whatever does not exist is known not to exist; nobody remembers it for long.
    private static final String APEX = """
            $ORIGIN %ORIGIN%
            $TTL 60
            @ SOA ns.root.test. joe.root.test. %SERIAL% 3600 600 86400 60
            @ NS ns.root.test.
            """;
    private static final String SERVER = "ns.root.test. A 127.0.0.1\n";

    private final int port;
    private final String address;
    private final Folder folder;
    private final ServedPeer served;
    private int serial = 1;

    private Knot(int port, String address, Folder folder, ServedPeer served) {
        this.port = port;
        this.address = address;
        this.folder = folder;
        this.served = served;
    }

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param records of the root zone, a master file with names that end in a dot, without SOA and
    ///     NS
    /// @param broken domains below which every question is answered with SERVFAIL
    public static Knot start(Path path, String records, List<String> broken) throws IOException, InterruptedException {
        return start(path, records, broken, Map.of());
    }

    /// Starts it with zones beside that of the root.
    ///
    /// @param zones their records by domain, as those of the root zone
    public static Knot start(Path path, String records, List<String> broken, Map<String, String> zones)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        String address = Ports.freeAddress(DNS_PORT);
        folder.folder("db", 0);
        folder.folder("run", 0);
        folder.file("zones/root.zone", zone(".", 1, SERVER + records));
        StringBuilder more = new StringBuilder();
        for (Map.Entry<String, String> zone : zones.entrySet()) {
            folder.file("zones/" + zone.getKey(), zone(zone.getKey() + ".", 1, zone.getValue()));
            more.append("  - domain: " + zone.getKey() + "\n    file: " + zone.getKey() + "\n");
        }
        // Their files do not exist: Knot serves zones that it could not load like this.
        broken.forEach(domain -> more.append("  - domain: " + domain + "\n    file: missing.zone\n"));
        folder.file(
                "knot.conf",
                CONFIGURATION
                        .replace("%PORT%", Integer.toString(port))
                        .replace("%ADDRESS%", address)
                        .replace("%MORE%", more));
        ServedPeer served = ServedPeer.start(PEER, folder.path(), List.of("knotd", "-c", "/mnt/knot.conf"), port);
        return new Knot(port, address, folder, served);
    }

    private static String zone(String origin, int serial, String records) {
        return APEX.replace("%ORIGIN%", origin).replace("%SERIAL%", Integer.toString(serial)) + records;
    }

    /// Lets one of the zones beside that of the root have other records; returns when it answers with them.
    public void change(String domain, String records) throws IOException, InterruptedException {
        folder.file("zones/" + domain, zone(domain + ".", ++serial, records));
        readAgain(folder, domain, served);
    }

    /// Lets a Knot DNS that runs in this folder read a zone again; returns when it answers with what is there now.
    static void readAgain(Folder folder, String domain, ServedPeer served) throws IOException, InterruptedException {
        Finished done =
                Peers.exec(PEER, folder.path(), "knotc", "-b", "-s", "/mnt/run/knot.sock", "zone-reload", domain);
        if (done.exitCode() != 0) {
            throw new IOException("the zone was not read again: " + done + "\n" + served.log());
        }
    }

    /// Its port on 127.0.0.1, for UDP and TCP.
    public int port() {
        return port;
    }

    /// The loopback address at whose port 53 it listens too, for programs that know no other port.
    public String address() {
        return address;
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
