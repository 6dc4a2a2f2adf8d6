package dev.postern.blackbox.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The driver of the launcher, with a small program in the launcher's place.
final class PosternTest {
    /// Does what the driver expects of the server: `run` listens on the ports that its configuration names, one a
    /// line; a line that is no number is its end.
    private static final String STAND_IN = """
            import java.io.IOException;
            import java.net.*;
            import java.nio.file.*;

            public class StandIn {
                public static void main(String[] words) throws Exception {
                    if (!words[0].equals("run")) {
                        System.out.println(String.join(" ", words));
                        System.exit(3);
                    }
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("farewell")));
                    for (String line : Files.readAllLines(Path.of(words[2]))) {
                        ServerSocket door = new ServerSocket();
                        door.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(line)));
                        Thread.ofPlatform().start(() -> accept(door));
                    }
                    System.out.println("listening");
                }

                private static void accept(ServerSocket door) {
                    try {
                        while (true) {
                            door.accept().close();
                        }
                    } catch (IOException failed) {
                        throw new java.io.UncheckedIOException(failed);
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private Path launcher;
    private int first;
    private int second;

    @BeforeEach
    void standIn() throws IOException {
        Extent.onlyInFull();
        Path source = Files.writeString(folder.resolve("StandIn.java"), STAND_IN);
        Path java = Path.of(System.getProperty("java.home"), "bin/java");
        launcher = Files.writeString(folder.resolve("postern"), "#!/bin/sh\nexec " + java + " " + source + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        first = Ports.free();
        second = Ports.free();
    }

    private Postern start() throws IOException, InterruptedException {
        String configuration = first + "\n" + second + "\n";
        Postern.Doors doors = new Postern.Doors(List.of(first, second), List.of());
        return Postern.start(launcher, folder.resolve("server"), configuration, doors);
    }

    @Test
    void isUpWhenAllItsPortsListenAndEndsWhenAsked() throws IOException, InterruptedException {
        try (Postern postern = start()) {
            assertThat(Ports.isListening(first)).isTrue();
            assertThat(Ports.isListening(second)).isTrue();
            assertThat(postern.stop()).isEqualTo(128 + 15);
            assertThat(Ports.isListening(first)).isFalse();
            assertThat(postern.log()).contains("listening", "farewell");
        }
    }

    @Test
    void killedItSaysNoFarewellAndComesBackUnderAnotherProcessId() throws IOException, InterruptedException {
        try (Postern postern = start()) {
            long pid = postern.pid();
            postern.kill9();
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(postern.log()).doesNotContain("farewell");
            postern.restart();
            assertThat(postern.pid()).isNotEqualTo(pid);
            assertThat(Ports.isListening(second)).isTrue();
        }
        assertThat(Ports.isListening(second)).isFalse();
    }

    @Test
    void commandsCarryTheConfigurationAndGiveTheirExitCode() throws IOException, InterruptedException {
        try (Postern postern = start()) {
            Finished listed = postern.cli("queue", "list");
            assertThat(listed.exitCode()).isEqualTo(3);
            assertThat(listed.output()).isEqualTo("queue list --config " + postern.configuration() + "\n");
        }
    }

    @Test
    void aServerThatEndsAtOnceIsReportedWithItsWords() {
        assertThatThrownBy(() -> Postern.start(
                        launcher, folder.resolve("server"), "no number", new Postern.Doors(List.of(first), List.of())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("NumberFormatException");
    }
}
