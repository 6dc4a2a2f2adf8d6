package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A running Unbound on loopback: the recursive server that finds everything from one root server on, and validates it
/// from that root's keys on.
public final class Unbound implements AutoCloseable {
    private static final String PEER = "unbound";
    private static final int DNS_PORT = 53;

    // %PORT%, %ADDRESS% and %ROOT% are filled in.
    private static final String CONFIGURATION = """
            server:
                interface: 127.0.0.1@%PORT%
                interface: %ADDRESS%@53
                do-ip6: no
                do-daemonize: no
                username: ""
                chroot: ""
                directory: "/mnt"
                pidfile: "/mnt/unbound.pid"
                use-syslog: no
                verbosity: 1
                val-log-level: 2
                num-threads: 1
                do-not-query-localhost: no
                access-control: 127.0.0.0/8 allow
                module-config: "validator iterator"
                trust-anchor-file: "/mnt/anchors"
                unblock-lan-zones: yes
                insecure-lan-zones: no
                local-zone: "test." nodefault
                local-zone: "invalid." nodefault
                local-zone: "127.in-addr.arpa." nodefault
                ede: yes
            stub-zone:
                name: "."
                stub-addr: %ROOT%
                stub-prime: no
            remote-control:
                control-enable: yes
                control-interface: "/mnt/control"
                control-use-cert: no
            """;

    private final int port;
    private final String address;
    private final Folder folder;
    private final ServedPeer served;

    private Unbound(int port, String address, Folder folder, ServedPeer served) {
        this.folder = folder;
        this.port = port;
        this.address = address;
        this.served = served;
    }

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param root the address of the root server, on port 53
    /// @param anchors a file of the root's DS or DNSKEY records
    public static Unbound start(Path path, String root, Path anchors) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        String address = Ports.freeAddress(DNS_PORT);
        Files.copy(anchors, folder.path().resolve("anchors"));
        folder.file(
                "unbound.conf",
                CONFIGURATION
                        .replace("%PORT%", Integer.toString(port))
                        .replace("%ADDRESS%", address)
                        .replace("%ROOT%", root));
        return new Unbound(
                port,
                address,
                folder,
                ServedPeer.start(PEER, folder.path(), List.of("unbound", "-d", "-c", "/mnt/unbound.conf"), port));
    }

    /// Lets it forget all that it knows.
    public void forget() throws IOException, InterruptedException {
        Finished done =
                Peers.exec(PEER, folder.path(), "unbound-control", "-c", "/mnt/unbound.conf", "flush_zone", ".");
        if (done.exitCode() != 0) {
            throw new IOException("it did not forget: " + done + "\n" + log());
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

    /// Its log so far: also why it found an answer bogus.
    public String log() {
        return served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
