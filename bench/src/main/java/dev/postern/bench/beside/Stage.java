package dev.postern.bench.beside;

import dev.postern.blackbox.peers.Certificate;
import dev.postern.blackbox.peers.Exim;
import dev.postern.blackbox.peers.Haraka;
import dev.postern.blackbox.peers.OpenSmtpd;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Postfix;
import dev.postern.blackbox.peers.SmtpSink;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One server that runs, with a spool of its own that nothing was in before; both are gone when it is closed. Its CPU
/// time is counted by a control group where that can be made.
final class Stage implements AutoCloseable {
    private final Path folder;
    private final Optional<CpuGroup> group;
    private final Started started;

    private Stage(Path folder, Optional<CpuGroup> group, Started started) {
        this.folder = folder;
        this.group = group;
        this.started = started;
    }

    /// A server that runs.
    private record Started(int port, long pid, AutoCloseable server) {}

    /// Starts it.
    ///
    /// @param folder that does not exist, on the disk that is to be measured
    static Stage start(Server server, Setup setup, Path folder) throws IOException, InterruptedException {
        Optional<CpuGroup> group = CpuGroup.make();
        Path made = Files.createDirectories(folder);
        try {
            Started started = group.isPresent()
                    ? group.get().within(() -> begin(server, setup, made))
                    : begin(server, setup, made);
            return new Stage(made, group, started);
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            if (group.isPresent()) {
                group.get().close();
            }
            remove(made);
            throw failed;
        }
    }

    private static Started begin(Server server, Setup setup, Path folder) throws IOException, InterruptedException {
        int port = Ports.free();
        return switch (server) {
            case POSTERN -> {
                Postern postern = Postern.start(folder, postern(setup, folder, port), port);
                yield new Started(port, postern.pid(), postern);
            }
            case POSTFIX -> {
                Postfix postfix = Postfix.start(folder, postfix(setup));
                yield new Started(postfix.port(), postfix.pid(), postfix);
            }
            case EXIM -> {
                Exim exim = Exim.start(folder, setup.fill(template("exim.conf"), port), port, List.of());
                yield new Started(port, exim.pid(), exim);
            }
            case OPENSMTPD -> {
                OpenSmtpd openSmtpd = OpenSmtpd.startOnDisk(folder, setup.fill(template("smtpd.conf"), port), port);
                yield new Started(port, openSmtpd.pid(), openSmtpd);
            }
            case HARAKA -> {
                Haraka haraka = Haraka.start(folder, haraka(setup, port), port);
                yield new Started(port, haraka.pid(), haraka);
            }
            case SINK -> {
                SmtpSink sink = SmtpSink.start(folder);
                yield new Started(sink.port(), sink.pid(), sink);
            }
        };
    }

    private static String template(String name) throws IOException {
        return Files.readString(Peers.root().resolve("bench").resolve(name));
    }

    private static String postern(Setup setup, Path folder, int port) throws IOException, InterruptedException {
        String text = setup.fill(template("postern.toml"), port).replace("@dns@", "1");
        if (!setup.offersTls()) {
            return text;
        }
        Certificate certificate = Certificate.selfSigned(folder, "mx.bench.test");
        return text
                + "\n[tls]\ncertificate = \"%s\"\nkey = \"%s\"\n"
                        .formatted(
                                certificate.chain().toAbsolutePath(),
                                certificate.key().toAbsolutePath());
    }

    /// What only has to be taken is deferred unseen, which is the least that it can do with a message.
    private static Postfix.Settings postfix(Setup setup) throws IOException {
        Postfix.Settings settings = Contenders.plain(setup.next(), setup.connections());
        if (setup.keeps()) {
            settings = settings.with("defer_transports", "smtp")
                    .with("minimal_backoff_time", "4h")
                    .with("maximal_backoff_time", "4h")
                    .with("queue_run_delay", "1h");
        }
        return setup.offersTls()
                ? settings.with("smtpd_tls_security_level", "may")
                        .with("smtpd_tls_session_cache_database", "btree:/mnt/data/smtpd_scache")
                : settings;
    }

    private static Map<String, String> haraka(Setup setup, int port) throws IOException {
        Path templates = Peers.root().resolve("bench/haraka");
        Map<String, String> files = new HashMap<>();
        try (Stream<Path> all = Files.walk(templates)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(templates.relativize(file).toString(), setup.fill(Files.readString(file), port));
            }
        }
        return files;
    }

    /// Its port on 127.0.0.1.
    int port() {
        return started.port();
    }

    /// The process at the root of all of its own.
    long pid() {
        return started.pid();
    }

    /// Its processes.
    ProcessTree tree() {
        return ProcessTree.of(List.of(started.pid()));
    }

    /// Its CPU time.
    CpuTime cpu() {
        return group.isPresent() ? group.get()::seconds : tree()::cpuSeconds;
    }

    /// How its CPU time is counted, in words.
    String counting() {
        return group.isPresent() ? "CPU time by control groups" : "CPU time by the process tree";
    }

    /// Ends it and removes its files.
    @Override
    public void close() throws IOException {
        try {
            started.server().close();
        } catch (Exception failed) {
            throw new IOException("cannot be ended: " + started, failed);
        }
        if (group.isPresent()) {
            group.get().close();
        }
        remove(folder);
    }

    private static void remove(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
                // The last process of a server may remove a file of its own while we look.
                if (failed instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failed;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failed) throws IOException {
                Files.delete(emptied);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
