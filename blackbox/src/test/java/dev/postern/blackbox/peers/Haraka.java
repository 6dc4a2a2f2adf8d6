package dev.postern.blackbox.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A running Haraka, the server in JavaScript.
public final class Haraka implements AutoCloseable {
    private static final String PROGRAM = "/usr/lib/haraka/node_modules/Haraka/bin/haraka";

    private final int port;
    private final ServedPeer served;

    private Haraka(int port, ServedPeer served) {
        this.port = port;
        this.served = served;
    }

    /// Starts one with files of the caller's; its folder is `/mnt`, and `queue` in it holds its mail.
    ///
    /// @param files by their names in the folder, such as `config/smtp.ini`
    /// @param port of 127.0.0.1 on which they let it listen
    public static Haraka start(Path path, Map<String, String> files, int port)
            throws IOException, InterruptedException {
        Folder folder = Folder.at(path);
        folder.folder("queue", 0);
        for (Map.Entry<String, String> file : files.entrySet()) {
            folder.file(file.getKey(), file.getValue());
        }
        return new Haraka(
                port, ServedPeer.start("haraka", folder.path(), List.of("node", PROGRAM, "-c", "/mnt"), port));
    }

    /// Its listener's port on 127.0.0.1.
    public int port() {
        return port;
    }

    /// The process at the root of all its processes, for looking at their memory and time under `/proc`.
    public long pid() {
        return served.pid();
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
