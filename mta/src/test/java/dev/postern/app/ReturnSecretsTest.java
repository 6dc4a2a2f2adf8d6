package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnSecretsTest {
    private static final long SEED = 5;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {ReturnSecrets.SRS, ReturnSecrets.BATV})
    void firstSecretIsMadeForTheOwnersEyesOnlyAndKept(String name) throws IOException {
        Path data = folder.resolve("data");
        Path file = data.resolve(name);
        ReturnSecrets.in(file, new SplittableRandom(SEED));

        String made = Files.readString(file);
        assertThat(made).matches("[A-Za-z0-9_-]{43}\n");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(data).isDirectoryNotContaining("glob:**.new");

        ReturnSecrets.in(file, new SplittableRandom(SEED + 1));
        assertThat(file).hasContent(made);
    }

    @Test
    void whatACrashLeftBehindIsInNobodysWay() throws IOException {
        Files.writeString(folder.resolve("srs.secret.new"), "half of a sec");
        assertThat(ReturnSecrets.in(folder.resolve("srs.secret"), new SplittableRandom(SEED)))
                .hasToString("1 secret(s)");
    }

    @Test
    void secretsOfTheAdministratorAreTaken() throws IOException {
        Files.writeString(folder.resolve("srs.secret"), "# first signs\n0123456789abcdef\nfedcba9876543210\n");
        assertThat(ReturnSecrets.in(folder.resolve("srs.secret"), new SplittableRandom(SEED)))
                .hasToString("2 secret(s)");
    }

    @Test
    void whatIsNoSecretIsToldWithItsPlaceAndNotItsText() throws IOException {
        Path file = Files.writeString(folder.resolve("srs.secret"), "0123456789abcdef\nhunter2\n");
        assertThatThrownBy(() -> ReturnSecrets.in(folder.resolve("srs.secret"), new SplittableRandom(SEED)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining("16 characters")
                .hasMessageNotContaining("hunter2");
    }
}
