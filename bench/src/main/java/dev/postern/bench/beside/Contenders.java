package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The running servers that check and sign, two for each mode; all relay to one port.
final class Contenders implements AutoCloseable {
    private static final String POSTERN = "Postern";

    private final Path folder;
    private final int sinkPort;
    private final Map<Mode, List<Contender>> byMode = new EnumMap<>(Mode.class);
    private final Deque<Runnable> ends = new ArrayDeque<>();

    private Contenders(Path folder, int sinkPort) {
        this.folder = folder;
        this.sinkPort = sinkPort;
    }

    /// Starts them.
    ///
    /// @param folder for their files, on the disk that is to be measured; the sender's is `source` in it
    /// @param octets of each message
    static Contenders start(Path folder, int sinkPort, int octets) throws IOException, InterruptedException {
        Contenders contenders = new Contenders(folder, sinkPort);
        try {
            new AuthenticationServers(contenders, octets).start();
            return contenders;
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            contenders.close();
            throw failed;
        }
    }

    /// Keeps something running until the end.
    <T extends AutoCloseable> T keep(T started) {
        ends.push(() -> {
            try {
                started.close();
            } catch (Exception failed) {
                throw new IllegalStateException("cannot be ended: " + started, failed);
            }
        });
        return started;
    }

    void put(Mode mode, Contender one, Contender other) {
        byMode.put(mode, List.of(one, other));
    }

    /// Starts a Postern.
    ///
    /// @param name of its folder
    /// @param template its configuration, from the folder of the sources
    /// @param nameServer the port on 127.0.0.1 whom it asks
    /// @param keys by which it signs
    Contender postern(String name, String template, int nameServer, List<SigningKey> keys)
            throws IOException, InterruptedException {
        int port = Ports.free();
        Path home = folder.resolve(name);
        Path dkim = Files.createDirectories(home.resolve("dkim"));
        for (SigningKey key : keys) {
            key.into(dkim);
        }
        String configuration = Setup.relay(sinkPort)
                .fill(Files.readString(Peers.root().resolve(template)), port)
                .replace("@dns@", Integer.toString(nameServer));
        Postern postern = keep(Postern.start(home, configuration, port));
        return new Contender(POSTERN, port, ProcessTree.of(List.of(postern.pid())));
    }

    /// Starts a Postfix.
    ///
    /// @param shown its name in the table
    /// @param name of its folder
    /// @param others processes that work for it
    Contender postfix(String shown, String name, Postfix.Settings settings, List<Long> others)
            throws IOException, InterruptedException {
        Postfix postfix = keep(Postfix.start(folder.resolve(name), settings));
        List<Long> roots = new ArrayList<>(others);
        roots.add(postfix.pid());
        return new Contender(shown, postfix.port(), ProcessTree.of(roots));
    }

    /// Postfix as one would set it up for nothing but this: no pause in its intake, as many deliveries and processes as
    /// Postern has, no TLS.
    Postfix.Settings plain() throws IOException {
        return plain(sinkPort, Setup.CONNECTIONS);
    }

    /// The same for another next hop.
    ///
    /// @param next its port on 127.0.0.1
    /// @param connections at once to it
    static Postfix.Settings plain(int next, int connections) throws IOException {
        return Postfix.Settings.relay(next, Postfix.Tls.NONE)
                .with("in_flow_delay", "0")
                .with("default_process_limit", "200")
                .with("smtpd_client_connection_count_limit", "0")
                .with("default_destination_concurrency_limit", Integer.toString(connections))
                .with("initial_destination_concurrency", Integer.toString(connections))
                .with("smtpd_tls_security_level", "none")
                .with("smtp_tls_loglevel", "0")
                .with("smtpd_tls_loglevel", "0");
    }

    /// Where the servers' files lie.
    Path folder() {
        return folder;
    }

    /// The two servers of each mode, Postern first.
    Map<Mode, List<Contender>> byMode() {
        return byMode;
    }

    /// Ends them, the last one first.
    @Override
    public void close() {
        while (!ends.isEmpty()) {
            ends.pop().run();
        }
    }
}
