package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Submission without TLS does not exist, whatever the configuration says and whoever asks.
class SubmissionInTheClearTest {
    private static final List<String> CONFIGURATIONS = List.of(
            "",
            "[submission]\nsenders = \"any\"\nrepair-line-ends = true\n",
            "[relay]\nnetworks = [\"192.0.2.0/24\", \"127.0.0.0/8\", \"::1\"]\n",
            "[front]\nlookups = \"trusted\"\nxclient = [\"192.0.2.0/24\"]\nxclient-login = true\n",
            "[encryption]\nrequired-listeners = [\"mx\", \"lmtp\"]\n",
            "[encryption]\nrequired-listeners = []\nrequired-networks = []\nrequired-domains = []\n",
            "[tls]\nprovider = \"jsse\"\n",
            "[guard]\nallow = [\"192.0.2.0/24\"]\n[manners]\nallow = [\"192.0.2.0/24\"]\n");

    private static final List<String> CLIENTS = List.of("192.0.2.7", "203.0.113.5", "127.0.0.1", "::1");

    private static final List<String> WORDS = List.of(
            "from=joe@postern.test to=joe@postern.test",
            "from=joe@postern.test to=far@away.example",
            "from=<> to=joe@postern.test",
            "user=joe@postern.test tls=no from=joe@postern.test to=far@away.example");

    @TempDir
    private Path folder;

    static Stream<Arguments> sessions() {
        return CONFIGURATIONS.stream()
                .flatMap(config -> CLIENTS.stream()
                        .flatMap(client -> WORDS.stream()
                                .map(words -> Arguments.of(config, "role=submission client=" + client + " " + words))));
    }

    private ConfigReader.Result read(String listen, String more) throws IOException {
        Files.writeString(folder.resolve("accounts"), "joe@postern.test\t!\n");
        return ConfigReader.read(
                Files.writeString(
                        folder.resolve("postern.toml"),
                        "hostname = \"mail.postern.test\"\n[listen]\n" + listen + """

                        [domains]
                        local = ["postern.test"]
                        postmaster = "joe@postern.test"
                        [dns]
                        servers = ["127.0.0.1:1"]
                        """ + more),
                name -> null);
    }

    @ParameterizedTest
    @MethodSource("sessions")
    void nobodyLogsInOrNamesASender(String more, String words) throws Exception {
        Config config = switch (read("submission = [\"127.0.0.1:2587\"]", more)) {
            case ConfigReader.Result.Good good -> good.config();
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
        List<String> said = new ArrayList<>();
        assertThat(CheckCommand.rehearse(config, Cast.parse(words), said::add)).isFalse();
        assertThat(said)
                .noneMatch(line -> line.startsWith("S: 2") && !line.startsWith("S: 220") && !line.startsWith("S: 250"))
                .noneMatch(line -> line.startsWith("S: 250 2.1."))
                .noneMatch(line -> line.startsWith("S: 250") && line.contains("AUTH"))
                .anyMatch(line -> line.startsWith("S: 530 5.7.0 must issue a STARTTLS command first"))
                .anyMatch(line -> line.contains("clear: encryption -> reject, users submit mail under TLS only"));
    }

    @Test
    void noUnixSocketIsASubmissionListener() throws IOException {
        assertThat(read("submission = [\"unix:/run/submission\"]", "")).isInstanceOf(ConfigReader.Result.Bad.class);
    }
}
