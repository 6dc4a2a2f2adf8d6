package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.config.Config;
import dev.postern.dns.DomainName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookedRecordsTest {
    private static final DomainName NAME = DomainName.of("_acme-challenge.mail.example.org");

    @TempDir
    private Path folder;

    private HookedRecords hook(String script, Duration timeOut) throws IOException {
        Path program = folder.resolve("program");
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new HookedRecords(new Config.Hook(List.of(program.toString(), "a b; c"), timeOut));
    }

    @Test
    void programIsToldByItsEnvironmentAndByNothingElse() throws Exception {
        Path told = folder.resolve("told");
        HookedRecords hook = hook(
                "printf '%s\\n' \"$#\" \"$1\" \"$POSTERN_ACTION $POSTERN_RECORD $POSTERN_VALUE\" \"${HOME-none}\" >>"
                        + told,
                Duration.ofMinutes(1));

        hook.add(NAME, "-x y");
        hook.remove(NAME, "-x y");

        assertThat(told).content().isEqualTo("""
                        1
                        a b; c
                        add _acme-challenge.mail.example.org -x y
                        none
                        1
                        a b; c
                        remove _acme-challenge.mail.example.org -x y
                        none
                        """);
    }

    @Test
    void whatItSaysWhenItFailsIsTold() throws Exception {
        HookedRecords hook = hook("echo 'no\033[1m such zone'; exit 3", Duration.ofMinutes(1));

        assertThatThrownBy(() -> hook.add(NAME, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ended with 3: no")
                .hasMessageNotContaining("\033");
    }

    @Test
    void programThatDoesNotEndIsEnded() throws Exception {
        HookedRecords hook = hook("exec sleep 600", Duration.ofMillis(200));

        assertThatThrownBy(() -> hook.add(NAME, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void programThatSaysWithoutEndIsEnded() throws Exception {
        HookedRecords hook = hook("exec yes", Duration.ofMillis(500));

        assertThatThrownBy(() -> hook.add(NAME, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not end within");
    }

    @Test
    void programThatIsNotThereIsTold() {
        HookedRecords hook = new HookedRecords(new Config.Hook(List.of(folder + "/nothing"), Duration.ofSeconds(1)));

        assertThatThrownBy(() -> hook.add(NAME, "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nothing");
    }
}
