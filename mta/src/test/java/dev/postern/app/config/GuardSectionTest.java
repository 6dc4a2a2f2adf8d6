package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.guard.BanTerms;
import dev.postern.guard.Demand;
import dev.postern.guard.Offence;
import dev.postern.guard.Rates;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardSectionTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void makeSite() throws IOException {
        Files.writeString(folder.resolve("accounts"), "joe@ours.example !\n");
    }

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.ours.example"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                local = ["ours.example"]
                postmaster = "joe@ours.example"
                """);
    }

    private static String lines(String guard) {
        return guard.replace(";", "\n") + "\n";
    }

    private Config.Guarding good(String guard) throws IOException {
        return written().good(lines(guard)).guarding();
    }

    @Test
    void withoutASectionTheDefaultsHoldAndLoopbackIsAllowed() throws IOException {
        Config.Guarding guarding = good("");

        assertThat(guarding.settings().rates()).isEqualTo(Rates.byDefault());
        assertThat(guarding.settings().bans()).isEqualTo(BanTerms.byDefault());
        assertThat(guarding.settings().tarpit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(guarding.settings().appeal()).isEqualTo("write to postmaster@ours.example from another server");
        assertThat(guarding.allow().contains(InetAddress.ofLiteral("127.0.0.9")))
                .isTrue();
        assertThat(guarding.allow().contains(InetAddress.ofLiteral("::1"))).isTrue();
    }

    @Test
    void emptyListOfAllowedNetworksAllowsNobody() throws IOException {
        assertThat(good("[guard];allow = []").allow().networks()).isEmpty();
        assertThat(good("[guard];allow = [\"192.0.2.0/24\"]").allow().contains(InetAddress.ofLiteral("127.0.0.1")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "sessions-per-minute = 10, SESSIONS, 10, 1800",
        "sessions-per-minute = 5000, SESSIONS, 5000, 5000",
        "network-handshakes-per-minute = 7, HANDSHAKES, 600, 7",
        "messages-per-hour = 0, MESSAGES, 0, 0",
        "recipients-per-hour = 0;network-recipients-per-hour = 9, RECIPIENTS, 0, 9",
        "octets-per-hour = \"1GiB\", OCTETS, 1073741824, 32212254720",
        "octets-per-hour = \"0B\", OCTETS, 0, 0",
        "octets-per-hour = 0, OCTETS, 0, 0",
        "network-octets-per-hour = 0, OCTETS, 10737418240, 0",
        "unknown-recipients-per-hour = 3, UNKNOWN_RECIPIENTS, 3, 3000",
        "failed-commands-per-hour = 3, FAILED_COMMANDS, 3, 3000",
    })
    void limitIsReadAndItsNetworkGetsNoLess(String line, Demand demand, long address, long network) throws IOException {
        assertThat(good("[guard];" + line).settings().rates().of(demand)).isEqualTo(new Rates.Rate(address, network));
    }

    @Test
    void usersAndBansAndPointsAreRead() throws IOException {
        Config.Guarding guarding = good("[guard];user-messages-per-hour = 0;user-recipients-per-hour = 7;"
                + "ban-after = 5;ban-time = \"1m\";longest-ban = \"1h\";forget-after = \"2h\";ban-network-after = 0;"
                + "tarpit = \"0s\";appeal = \"see https://ours.example/bans\";[guard.points];slow = 3");

        assertThat(guarding.settings().rates().users())
                .containsEntry(Demand.MESSAGES, 0L)
                .containsEntry(Demand.RECIPIENTS, 7L);
        BanTerms bans = guarding.settings().bans();
        assertThat(bans.score().points()).isEqualTo(5);
        assertThat(bans.score().memory()).isEqualTo(Duration.ofHours(2));
        assertThat(bans.times()).isEqualTo(new BanTerms.Times(Duration.ofMinutes(1), Duration.ofHours(1)));
        assertThat(bans.addresses()).isZero();
        assertThat(bans.score().weights()).containsEntry(Offence.SLOW, 3).containsEntry(Offence.INJECTION, 10);
        assertThat(guarding.settings().tarpit()).isZero();
        assertThat(guarding.settings().appeal()).isEqualTo("see https://ours.example/bans");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [guard];allow = ["192.0.2.1/24"]             | "192.0.2.1/24" is not an address range
            [guard];allow = ["192.0.2.1/24"]             | not the first address of a /24 network
            [guard];octets-per-hour = 5                  | a size such as
            [guard];tarpit = 5                           | a duration such as
            [guard];longest-ban = "5m"                   | postern.toml:8:1: "guard.ban-time"
            [guard];sessions-per-minute = -1             | a whole number from 0
            [guard];ban-time = "2h";longest-ban = "1h"   | not above
            [guard];ban-time = "10ms"                    | must be 1s or more
            [guard];longest-ban = "366d"                 | at most 365d
            [guard];forget-after = "0s"                  | above zero
            [guard];tarpit = "5m"                        | at most 1m
            [guard];appeal = "schreib an jürgen"         | printable ASCII
            [guard];message-per-hour = 5                 | messages-per-hour
            [guard.points];slow = -1                     | a whole number from 0 to 1000
            [guard.points];early-tlak = 1                | early-talk
            """)
    void whatMakesNoSenseIsTold(String lines, String sentence) throws IOException {
        assertThat(written().faults(lines(lines)).toString()).contains(sentence);
    }
}
