package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.Config;
import dev.postern.app.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartKeysTest {
    @TempDir
    private Path folder;

    private Config read(String more) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), """
                        hostname = "mail.postern.test"
                        listen.mx = ["127.0.0.1:2525"]
                        domains.postmaster = "joe@example.net"
                        """ + more + "\n");
        return switch (ConfigReader.read(file, name -> null)) {
            case ConfigReader.Result.Good(Config config) -> config;
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    @Test
    void theSameFileChangesNothing() throws IOException {
        assertThat(RestartKeys.changed(read(""), read(""))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data = \"elsewhere\" | data",
                "listen.submission = [\"127.0.0.1:2587\"] | listen",
                "tls.provider = \"jsse\" | tls.provider",
                "delivery.total-concurrency = 30 | delivery.total-concurrency",
                "delivery.active-messages = 1000 | delivery.active-messages",
                "delivery.longest-rest = \"1h\" | delivery.longest-rest",
                "delivery.first-wait = \"2m\" | delivery (its times)",
                "mta-sts.use = false | mta-sts",
                "mta-sts.wait = \"3s\" | mta-sts",
                "delivery.private-addresses = true | delivery.private-addresses (HTTPS)",
                "reports.keep-number = 30 | reports.keep-number",
                "limits.disk-reserve = \"50MiB\" | limits.disk-reserve",
                "limits.received-fields = 30 | limits.received-fields",
                "limits.header-fields = 300 | limits.header-fields",
                "limits.header-size = \"64KiB\" | limits.header-size",
                "limits.mime-depth = 30 | limits.mime-depth",
                "dns.servers = [\"127.0.0.1\"] | dns",
                "log.format = \"json\" | log"
            })
    void whatIsReadAtTheStartOnlyIsNamed(String line, String key) throws IOException {
        assertThat(RestartKeys.changed(read(""), read(line))).containsExactly(key);
    }

    @ParameterizedTest
    @CsvSource({
        "limits.sessions = 50",
        "limits.message-size = \"1MiB\"",
        "limits.drain = \"1s\"",
        "guard.ban-after = 3",
        "manners.greeting-wait = \"1s\"",
        "handling.most-urgent = 3",
        "delivery.concurrency = 3",
        "mta-sts.mode = \"testing\""
    })
    void whatFollowsAReloadIsNot(String line) throws IOException {
        assertThat(RestartKeys.changed(read(""), read(line))).isEmpty();
    }

    @Test
    void whoTakesChangesOfOurZonesFollowsAReload() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), "bm90IGEgc2VjcmV0IGF0IGFsbA==\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        assertThat(RestartKeys.changed(read(""), read("""
                        [dns.update]
                        server = "192.0.2.53"
                        zones = ["postern.test"]
                        key-name = "postern"
                        key-file = "key"
                        """))).isEmpty();
    }
}
