package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A running OpenDKIM: a milter that signs, or verifies, every message.
public final class OpenDkim implements AutoCloseable {
    private static final String PEER = "opendkim";

    // As it stands in its Authentication-Results.
    private static final String NAME = "opendkim.test";

    private final int port;
    private final ServedPeer served;

    private OpenDkim(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// What one OpenDKIM is to do.
    ///
    /// @param port on 127.0.0.1
    /// @param parameters of opendkim.conf on top of what every OpenDKIM here has
    /// @param files that these speak of, by name, under `/mnt`
    public record Settings(int port, Map<String, String> parameters, Map<String, String> files) {
        public Settings {
            parameters = Map.copyOf(parameters);
            files = Map.copyOf(files);
        }

        /// Verifies, and tells the results.
        ///
        /// @param nameServer the port on 127.0.0.1 whom it asks
        public static Settings verifier(int nameServer) throws IOException {
            // Its resolver, libunbound, has "test" for its own.
            String resolver = """
                    server:
                        do-not-query-localhost: no
                        local-zone: "test." nodefault
                    stub-zone:
                        name: "."
                        stub-addr: 127.0.0.1@%d
                    """.formatted(nameServer);
            return new Settings(
                    Ports.free(),
                    Map.of("Mode", "v", "AlwaysAddARHeader", "yes", "ResolverConfiguration", "/mnt/unbound.conf"),
                    Map.of("unbound.conf", resolver));
        }

        /// Signs everything in the name of the key's domain.
        ///
        /// @param canonicalization such as `relaxed/simple`
        public static Settings signer(SigningKey key, String canonicalization) throws IOException {
            return new Settings(
                    Ports.free(),
                    Map.of(
                            "Mode",
                            "s",
                            "Domain",
                            key.domain(),
                            "Selector",
                            key.selector(),
                            "KeyFile",
                            "/mnt/key.pem",
                            "SignatureAlgorithm",
                            key.algorithm(),
                            "Canonicalization",
                            canonicalization,
                            "InternalHosts",
                            "/mnt/everybody"),
                    Map.of("key.pem", key.pem(), "everybody", "0.0.0.0/0\n"));
        }

        /// The same, with one more parameter of opendkim.conf, or another value for one.
        public Settings with(String parameter, String value) {
            Map<String, String> more = new LinkedHashMap<>(parameters);
            more.put(parameter, value);
            return new Settings(port, more, files);
        }
    }

    /// Starts it in this folder; returns when it listens.
    public static OpenDkim start(Path path, Settings settings) throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        for (Map.Entry<String, String> file : settings.files().entrySet()) {
            folder.file(file.getKey(), file.getValue());
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("Syslog", "no");
        parameters.put("Background", "no");
        parameters.put("Socket", "inet:" + settings.port() + "@127.0.0.1");
        parameters.put("AuthservID", NAME);
        parameters.put("RequireSafeKeys", "no");
        parameters.putAll(settings.parameters());
        folder.file(
                "opendkim.conf",
                parameters.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        ServedPeer served = ServedPeer.start(
                PEER, folder.path(), List.of("opendkim", "-f", "-x", "/mnt/opendkim.conf"), settings.port());
        return new OpenDkim(settings.port(), served);
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
