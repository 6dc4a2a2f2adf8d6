package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A running OpenDMARC: a milter that believes the SPF and DKIM results of a given server in a message, and tells what
/// DMARC says.
public final class OpenDmarc implements AutoCloseable {
    private static final String PEER = "opendmarc";

    // %PORT% and %TRUSTED% are filled in; no host is ignored, as 127.0.0.1 is otherwise.
    private static final String CONFIGURATION = """
            Background no
            Syslog no
            AuthservID opendmarc.test
            TrustedAuthservIDs %TRUSTED%
            IgnoreHosts /mnt/ignored
            PublicSuffixList /mnt/suffixes
            Socket inet:%PORT%@127.0.0.1
            """;

    private final int port;
    private final ServedPeer served;

    private OpenDmarc(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param nameServer the address whom it asks, on port 53
    /// @param trusted the authserv-id of the results that it believes
    public static OpenDmarc start(Path path, String nameServer, String trusted)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        folder.file("resolv.conf", "nameserver " + nameServer + "\noptions timeout:5 attempts:2\n");
        folder.file("ignored", "192.0.2.255\n");
        folder.file("suffixes", "test\n");
        folder.file(
                "opendmarc.conf",
                CONFIGURATION.replace("%PORT%", Integer.toString(port)).replace("%TRUSTED%", trusted));
        ServedPeer served =
                ServedPeer.start(PEER, folder.path(), List.of("opendmarc", "-f", "-c", "/mnt/opendmarc.conf"), port);
        return new OpenDmarc(port, served);
    }

    /// Its port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// How it is asked.
    public Milter milter() {
        return new Milter(port);
    }

    /// The process at the root of all its processes.
    public long pid() {
        return served.pid();
    }

    @Override
    public void close() {
        served.close();
    }
}
