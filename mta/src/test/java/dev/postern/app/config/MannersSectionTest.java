package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.NetworkSet;
import dev.postern.smtpserver.MannersSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MannersSectionTest {
    private static final String SITE = """
            hostname = "mail.ours.example"
            [listen]
            mx = ["127.0.0.1:2525"]
            [domains]
            local = ["ours.example"]
            postmaster = "joe@ours.example"
            recipients = "any"
            [manners]
            """;

    @TempDir
    private Path folder;

    private MannersSettings good(String manners) throws IOException {
        return new WrittenConfig(folder, SITE).good(manners).manners();
    }

    @Test
    void emptySectionIsTheUsualOne() throws IOException {
        assertThat(good("")).isEqualTo(MannersSettings.byDefault());
    }

    @Test
    void everyKeyIsRead() throws IOException {
        assertThat(good("""
                allow = ["192.0.2.0/24"]
                greeting-wait = "6s"
                greeting-in-two = false
                remember = "1d"
                early-pipelining = "note"
                free-refusals = 3
                refusal-wait = "1s"
                longest-wait = "7s"
                slow-sessions = 9
                """))
                .isEqualTo(new MannersSettings(
                        NetworkSet.of("192.0.2.0/24"),
                        new MannersSettings.GreetingWait(Duration.ofSeconds(6), false, Duration.ofDays(1)),
                        MannersSettings.EarlyPipelining.NOTE,
                        new MannersSettings.Slowness(9, Duration.ofSeconds(7), 3, Duration.ofSeconds(1))));
        assertThat(good("allow = []\n").allow()).isEqualTo(NetworkSet.none());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow = [\"localhost\"] | is not an address range",
                "greeting-wait = \"1m\" | \"manners.greeting-wait\" must be 30s or less",
                "longest-wait = \"31s\" | \"manners.longest-wait\" must be 30s or less",
                "refusal-wait = \"1h\" | \"manners.refusal-wait\" must be 30s or less",
                "early-pipelining = \"bear\" | must be one of refuse, note",
                "slow-sessions = -1 | must be a whole number from 0",
                "free-refusals = -1 | must be a whole number from 0",
                "greeting = true | unknown key \"manners.greeting\""
            })
    void whatCannotBeIsAFault(String line, String words) throws IOException {
        assertThat(new WrittenConfig(folder, SITE).faults(line + "\n"))
                .singleElement()
                .asString()
                .contains(words);
    }
}
