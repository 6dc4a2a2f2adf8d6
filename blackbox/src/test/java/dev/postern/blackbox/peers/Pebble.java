package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A running Pebble: an authority that issues certificates by ACME, whose names are looked up at one name server.
public final class Pebble implements AutoCloseable {
    private static final String PEER = "pebble";

    // %PORT%, %MANAGEMENT%, %HTTP%, %TLS%, %LIFE% and %EXTERNAL% are filled in.
    private static final String CONFIGURATION = """
            {
              "pebble": {
                "listenAddress": "127.0.0.1:%PORT%",
                "managementListenAddress": "127.0.0.1:%MANAGEMENT%",
                "certificate": "/mnt/cert.pem",
                "privateKey": "/mnt/key.pem",
                "httpPort": %HTTP%,
                "tlsPort": %TLS%,
                "ocspResponderURL": "",
                "externalAccountBindingRequired": %EXTERNAL%,
                "externalAccountMACKeys": {
                  "kid-1": "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W"
                },
                "certificateValidityPeriod": %LIFE%
              }
            }
            """;

    private final int port;
    private final Certificate certificate;
    private final ServedPeer served;

    private Pebble(int port, Certificate certificate, ServedPeer served) {
        this.port = port;
        this.certificate = certificate;
        this.served = served;
    }

    /// How it behaves.
    ///
    /// @param life of its certificates in seconds
    /// @param rejected nonces in a hundred
    /// @param external whether it wants an account of its own to be named: `kid-1`
    public record Habits(int life, int rejected, boolean external) {
        /// Those of a friendly authority.
        public static Habits usual() {
            return new Habits(90 * 86_400, 0, false);
        }
    }

    /// Where it looks for proofs, on 127.0.0.1.
    ///
    /// @param http the port of pages
    /// @param tls the port of certificates
    /// @param dns the port of the name server
    public record Places(int http, int tls, int dns) {}

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param port where it listens
    public static Pebble start(Path path, int port, Places places, Habits habits)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        Certificate certificate = Certificate.selfSigned(folder.path(), "localhost");
        folder.file(
                "pebble.json",
                CONFIGURATION
                        .replace("%PORT%", Integer.toString(port))
                        .replace("%MANAGEMENT%", Integer.toString(Ports.free()))
                        .replace("%HTTP%", Integer.toString(places.http()))
                        .replace("%TLS%", Integer.toString(places.tls()))
                        .replace("%EXTERNAL%", Boolean.toString(habits.external()))
                        .replace("%LIFE%", Integer.toString(habits.life())));
        List<String> command = new ArrayList<>(List.of("env"));
        Map.of(
                        "PEBBLE_VA_NOSLEEP", "1",
                        "PEBBLE_AUTHZREUSE", "0",
                        "PEBBLE_WFE_NONCEREJECT", Integer.toString(habits.rejected()))
                .forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(List.of("pebble", "-config", "/mnt/pebble.json", "-dnsserver", "127.0.0.1:" + places.dns()));
        return new Pebble(port, certificate, ServedPeer.start(PEER, folder.path(), command, port));
    }

    /// The address of its directory.
    public String directory() {
        return "https://127.0.0.1:" + port + "/dir";
    }

    /// The certificate that its own address is trusted by.
    public Path root() {
        return certificate.chain();
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
