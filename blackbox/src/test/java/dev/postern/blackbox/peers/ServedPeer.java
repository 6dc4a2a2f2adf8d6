package dev.postern.blackbox.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A peer's program that runs until it is closed, and its log.
///
/// It runs in a process namespace of its own that the kernel empties when its first process ends; that one ends when
/// our end of its standard input is closed, also by our own death. So nothing of a peer survives a test.
final class ServedPeer implements AutoCloseable {
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final int END_OCTETS = 1024;

    private final Process process;
    private final Path log;
    private final String name;

    private ServedPeer(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// Starts the program with the folder as its `/mnt` and waits until every port accepts connections.
    ///
    /// @param folder where it reads its configuration and writes; its outputs go to `peer.log` in it
    static ServedPeer start(String peer, Path folder, List<String> command, int... ports)
            throws IOException, InterruptedException {
        Path log = folder.resolve("peer.log");
        Process process = new ProcessBuilder(Peers.line("serve", peer, folder, command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        ServedPeer served = new ServedPeer(peer, process, log);
        try {
            for (int port : ports) {
                Await.until(
                        BOUND,
                        () -> served.accepts(port),
                        () -> peer + " does not listen on port " + port + "\n" + served.log());
            }
        } catch (IOException | InterruptedException | RuntimeException | Error failed) {
            served.close();
            throw failed;
        }
        return served;
    }

    private boolean accepts(int port) throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " ended with exit code " + process.exitValue() + "\n" + log());
        }
        return Ports.isListening(port);
    }

    /// The process at the root of all that belong to it.
    long pid() {
        return process.pid();
    }

    /// Everything that the program has written to its outputs so far.
    String log() {
        return read(log);
    }

    /// The last few lines of that, whatever its length.
    String endOfLog() {
        try (FileChannel channel = FileChannel.open(log)) {
            ByteBuffer end = ByteBuffer.allocate(END_OCTETS);
            channel.read(end, Math.max(0, channel.size() - END_OCTETS));
            return new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// A file that the program may be writing to, as text; empty while it does not exist.
    static String read(Path file) {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// Ends it with all its children at once: its data are not worth a farewell.
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
                Program.end(process);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
