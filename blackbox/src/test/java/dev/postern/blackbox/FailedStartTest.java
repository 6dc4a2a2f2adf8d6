package dev.postern.blackbox;

import static dev.postern.blackbox.Sentences.assertThatItSaysNo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.blackbox.peers.Finished;
import dev.postern.blackbox.peers.Peers;
import dev.postern.blackbox.peers.Ports;
import dev.postern.blackbox.peers.Postern;
import dev.postern.blackbox.peers.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The machine is not as the configuration supposes: `run` ends with a sentence, and nothing
/// listens afterwards.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FailedStartTest {
    private static final Duration BOUND = Duration.ofSeconds(60);

    private Path folder;

    private Postern running;
    private Path certificate;
    private Path key;
    private int port;

    /// One server runs all the time: its port is taken, its spool is locked, and the certificate
    /// that it made for itself is a real one.
    @BeforeAll
    void start(@TempDir Path given) throws IOException, InterruptedException {
        folder = given;
        port = Ports.free();
        running = Postern.start(folder.resolve("running"), configuration(port, "data", ""), port);
        certificate = folder.resolve("running/data/tls/mail.postern.test.crt.pem");
        key = folder.resolve("running/data/tls/mail.postern.test.key.pem");
        assertThat(certificate).exists();
    }

    @AfterAll
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private static String configuration(int port, String data, String more) {
        return """
                hostname = "mail.postern.test"
                data = "%s"
                [listen]
                mx = ["127.0.0.1:%d"]
                [domains]
                local = ["postern.test"]
                recipients = "any"
                postmaster = "joe@postern.test"
                %s
                """.formatted(data, port, more);
    }

    @Test
    void portThatIsTaken() throws IOException, InterruptedException {
        assertThatItSaysNo(
                run("taken", port, "data", ""), "127.0.0.1:" + port, "another program has this address and port");
        assertThat(Ports.isListening(port)).isTrue();
    }

    @Test
    void portOfAnAddressThatIsNotOurs() throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("foreign"));
        Path file = Files.writeString(
                own.resolve("postern.toml"), configuration(1, "data", "").replace("127.0.0.1:1", "192.0.2.1:2525"));
        assertThatItSaysNo(Postern.command(own, new byte[0], "run", "--config", file.toString()), "192.0.2.1:2525");
    }

    @Test
    void socketInAFolderThatIsNotThere() throws IOException, InterruptedException {
        String lmtp = "[inboxes]\nroot = \"mail\"\n";
        Path own = Files.createDirectories(folder.resolve("socket"));
        Path file = Files.writeString(
                own.resolve("postern.toml"),
                configuration(Ports.free(), "data", lmtp)
                        .replace("mx = ", "lmtp = [\"unix:no/such/lmtp.sock\"]\nmx = "));
        assertThatItSaysNo(Postern.command(own, new byte[0], "run", "--config", file.toString()), "no/such/lmtp.sock");
    }

    @Test
    void secondStartOnTheSameSpool() throws IOException, InterruptedException {
        int free = Ports.free();
        assertThatItSaysNo(run("second", free, running.folder().resolve("data").toString(), ""), "spool", "another");
        assertThat(Ports.isListening(free)).isFalse();
    }

    @Test
    void dataFolderThatIsAFile() throws IOException, InterruptedException {
        assertThatItSaysNo(run("file", Ports.free(), "postern.toml", ""), "postern.toml");
    }

    @Test
    void dataFolderBelowAFile() throws IOException, InterruptedException {
        assertThatItSaysNo(run("below", Ports.free(), "postern.toml/data", ""), "postern.toml");
    }

    @Test
    void dataFolderWithoutPermission() throws IOException, InterruptedException {
        Path closed = Files.createDirectories(folder.resolve("closed/data"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThatItSaysNo(runUnprivileged("closed", Ports.free(), "data", ""), "data", "permission denied");
    }

    @Test
    void configurationWithoutPermission() throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("secret"));
        Path file = Files.writeString(own.resolve("postern.toml"), configuration(Ports.free(), "data", ""));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("-w-------"));
        assertThatItSaysNo(
                unprivileged(own, file), "postern.toml: the configuration cannot be read: permission denied");
    }

    @Test
    void keyWithoutPermission() throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("key"));
        Path copy = Files.copy(key, own.resolve("own.key"));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("-w-------"));
        assertThatItSaysNo(
                runUnprivileged("key", Ports.free(), "data", tls(certificate, copy)), "own.key", "permission denied");
    }

    @Test
    void keyThatIsNotThere() throws IOException, InterruptedException {
        assertThatItSaysNo(
                run("nokey", Ports.free(), "data", tls(certificate, Path.of("no.key"))), "no.key does not exist");
    }

    @Test
    void keyThatIsNoKey() throws IOException, InterruptedException {
        assertThatItSaysNo(
                run("certkey", Ports.free(), "data", tls(certificate, certificate)), "crt.pem", "private key");
    }

    @Test
    void keyThatBelongsToAnotherCertificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path own = Files.createDirectories(folder.resolve("other"));
        byte[] other = KeyPairGenerator.getInstance("EC")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path copy = Files.writeString(
                own.resolve("other.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(other)
                        + "\n-----END PRIVATE KEY-----\n");
        assertThatItSaysNo(
                run("other", Ports.free(), "data", tls(certificate, copy)),
                "other.key",
                "is not the key of the first certificate");
    }

    @Test
    void logInAFolderThatIsNotThere() throws IOException, InterruptedException {
        assertThatItSaysNo(run("log", Ports.free(), "data", "[log]\nfile = \"no/such/mail.log\""), "no/such/mail.log");
    }

    @Test
    void ownCertificateThatWasSpoiled() throws IOException, InterruptedException {
        Path tls = Files.createDirectories(folder.resolve("spoiled/data/tls"));
        Files.writeString(tls.resolve("mail.postern.test.crt.pem"), "spoiled");
        Files.writeString(tls.resolve("mail.postern.test.key.pem"), "spoiled");
        assertThatItSaysNo(run("spoiled", Ports.free(), "data", ""), "mail.postern.test");
    }

    private static String tls(Path certificate, Path key) {
        return "[tls]\ncertificate = \"%s\"\nkey = \"%s\"".formatted(certificate, key);
    }

    private Finished run(String name, int port, String data, String more) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = Files.writeString(own.resolve("postern.toml"), configuration(port, data, more));
        return Postern.command(own, new byte[0], "run", "--config", file.toString());
    }

    private Finished runUnprivileged(String name, int port, String data, String more)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(name));
        Path file = Files.writeString(own.resolve("postern.toml"), configuration(port, data, more));
        return unprivileged(own, file);
    }

    /// Runs it so that file modes count: root keeps its name, but not its power to read and write
    /// everything.
    private static Finished unprivileged(Path own, Path file) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.addAll(List.of(Peers.root().resolve("postern").toString(), "run", "--config", file.toString()));
        return Program.run(command, own, Map.of(), new byte[0], BOUND);
    }
}
