package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InitCommandTest {
    /// What a first configuration has only as a remark, section by section.
    private static final List<String> REMARKS = List.of(
            "http =",
            "https =",
            "[dns]",
            "validate =",
            "[tls.acme]",
            "directory =",
            "accept-terms =",
            "contact =",
            "[mta-sts]",
            "mode =",
            "serve =",
            "[destinations.",
            "tls =");

    @TempDir
    private Path folder;

    private ConfigReader.Result written() throws IOException {
        assertThat(new CommandLine(new InitCommand()).execute("-d", folder.toString(), "example.org"))
                .isZero();
        return ConfigReader.read(folder.resolve("postern.toml"), name -> null);
    }

    @Test
    void whatIsWrittenIsGoodAndOnlyHintedAt() throws IOException {
        assertThat(written()).isInstanceOfSatisfying(ConfigReader.Result.Good.class, good -> {
            assertThat(CheckCommand.warnings(good.config())).isEmpty();
            assertThat(good.config().delivery().startTls()).isTrue();
            assertThat(good.config().mtaSts().use()).isTrue();
            assertThat(good.config().reports().read()).isNotEmpty();
        });
    }

    @Test
    void whatStandsThereAsARemarkIsGoodWithoutItsSign() throws IOException {
        assertThat(written()).isInstanceOf(ConfigReader.Result.Good.class);
        Path file = folder.resolve("postern.toml");
        List<String> lines = Files.readAllLines(file).stream()
                .map(line -> REMARKS.stream().anyMatch(remark -> line.startsWith("# " + remark))
                        ? line.substring("# ".length())
                        : line)
                .toList();
        Files.write(file, lines);

        assertThat(ConfigReader.read(file, name -> null))
                .isInstanceOfSatisfying(ConfigReader.Result.Good.class, good -> {
                    assertThat(CheckCommand.warnings(good.config())).isEmpty();
                    assertThat(good.config().tls().acme()).isPresent();
                    assertThat(good.config().mtaSts().own()).isPresent();
                    assertThat(good.config().destinations().byName()).hasSize(1);
                    assertThat(hints(good)).isEmpty();
                });
    }

    private static List<String> hints(ConfigReader.Result.Good good) {
        try {
            return EncryptionHints.of(good.config());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
