package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// A running Rspamd with nothing but its modules for mail authentication: a milter that checks SPF, DKIM, DMARC and
/// ARC, signs what users send, and seals what goes to the domain of the sealing key.
///
/// It takes every loopback address for one of its own hosts, which it does not check.
public final class Rspamd implements AutoCloseable {
    private static final String PEER = "rspamd";
    private static final List<String> MODULES =
            List.of("arc.lua", "dkim_signing.lua", "dmarc.lua", "milter_headers.lua", "spf.lua");

    // %PORT%, %NAMESERVER%, %SIGNERS% and %SEALERS% are filled in.
    private static final String CONFIGURATION = """
            options {
              filters = "dkim,spf";
              pidfile = "/run/rspamd.pid";
              control_socket = "/run/rspamd.sock mode=0600";
              cache_file = "/run/symbols.cache";
              hs_cache_dir = "/run/";
              stats_file = "/run/stats.ucl";
              tempdir = "/tmp";
              url_tld = "/mnt/suffixes";
              disable_hyperscan = true;
              local_addrs = [];
              dns { nameserver = ["127.0.0.1:%NAMESERVER%"]; timeout = 5s; retransmits = 2; }
            }
            logging { type = "console"; level = "warning"; color = false; }
            worker "rspamd_proxy" {
              bind_socket = "127.0.0.1:%PORT%";
              milter = yes;
              count = 1;
              timeout = 20s;
              upstream "local" { default = yes; self_scan = yes; }
            }
            modules { path = "/mnt/modules"; }
            dkim { time_jitter = 1s; }
            spf { }
            dmarc { }
            milter_headers { use = ["authentication-results"]; authenticated_headers = []; }
            dkim_signing {
              sign_authenticated = true;
              sign_local = false;
              allow_envfrom_empty = true;
              allow_hdrfrom_mismatch = true;
              allow_username_mismatch = true;
              try_fallback = false;
              use_domain = "header";
              use_esld = false;
              domain { %SIGNERS%}
            }
            arc {
              sign_inbound = true;
              sign_authenticated = false;
              sign_local = false;
              allow_envfrom_empty = true;
              allow_hdrfrom_mismatch = true;
              allow_username_mismatch = true;
              try_fallback = false;
              use_domain = "recipient";
              use_esld = false;
              domain { %SEALERS%}
            }
            """;

    private final int port;
    private final ServedPeer served;

    private Rspamd(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// Starts it in this folder; returns when it listens.
    ///
    /// @param nameServer the port on 127.0.0.1 whom it asks
    /// @param signers keys of one domain, which sign what users of that domain send
    /// @param sealer seals what goes to the domain of this key
    public static Rspamd start(Path path, int nameServer, List<SigningKey> signers, SigningKey sealer)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        int port = Ports.free();
        folder.file("suffixes", "test\n");
        Path modules = Files.createDirectories(path.resolve("modules"));
        for (String module : MODULES) {
            Files.createSymbolicLink(modules.resolve(module), Path.of("/usr/share/rspamd/plugins", module));
        }
        folder.file(
                "rspamd.conf",
                CONFIGURATION
                        .replace("%PORT%", Integer.toString(port))
                        .replace("%NAMESERVER%", Integer.toString(nameServer))
                        .replace("%SIGNERS%", signers.isEmpty() ? "" : domain(folder, signers))
                        .replace("%SEALERS%", domain(folder, List.of(sealer))));
        ServedPeer served =
                ServedPeer.start(PEER, folder.path(), List.of("rspamd", "-f", "-i", "-c", "/mnt/rspamd.conf"), port);
        return new Rspamd(port, served);
    }

    private static String domain(Folder folder, List<SigningKey> keys) throws IOException {
        for (SigningKey key : keys) {
            folder.file(file(key), key.secret());
        }
        return keys.getFirst().domain()
                + keys.stream()
                        .map(key -> "{ selector = \"" + key.selector() + "\"; path = \"/mnt/" + file(key) + "\"; }")
                        .collect(Collectors.joining(", ", " { selectors [ ", " ] } "));
    }

    private static String file(SigningKey key) {
        return key.selector() + "." + key.domain() + ".key";
    }

    /// How it is asked.
    public Milter milter() {
        return new Milter(port);
    }

    /// Its log so far: warnings and errors.
    public String log() {
        return served.log();
    }

    @Override
    public void close() {
        served.close();
    }
}
