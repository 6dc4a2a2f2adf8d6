package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.config.ConfigReader;
import dev.postern.queue.LaneBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationLimitsTest {
    private DestinationLimits limits;

    @BeforeEach
    void read(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("postern.toml"), """
                hostname = "mail.postern.test"
                listen.mx = ["127.0.0.1:2525"]
                domains.postmaster = "joe@example.net"
                [relay.domains]
                "inside.example" = "store.example:24"
                [smarthost.exit]
                host = "exit.example"
                sender-domains = ["slow.example"]
                [smarthost.last]
                host = "last.example"
                use = "fallback"
                [delivery]
                concurrency = 30
                first-concurrency = 3
                [destinations."small.example"]
                concurrency = 2
                [destinations."*.small.example"]
                concurrency = 4
                first-concurrency = 4
                messages-per-minute = 60
                [destinations."mx.big.example"]
                concurrency = 100
                messages-per-minute = 6000
                [destinations."exit.example"]
                messages-per-minute = 100
                [destinations."last.example"]
                concurrency = 1
                [destinations."store.example"]
                first-concurrency = 10
                """);
        limits = switch (ConfigReader.read(file, name -> null)) {
            case ConfigReader.Result.Good good -> DestinationLimits.of(good.config());
            case ConfigReader.Result.Bad bad ->
                throw new AssertionError(bad.faults().toString());
        };
    }

    @ParameterizedTest
    @CsvSource({
        "mx:any.example,          3, 30, 0",
        "mx:small.example,        2, 2,  0",
        "mx:a.b.small.example,    4, 4,  60",
        "mx:[192.0.2.1],          3, 30, 0",
        "host:exit,               3, 30, 100",
        "host:last,               1, 1,  0",
        "host:store.example:24,  10, 30, 0",
        "host:other.example:24,   3, 30, 0",
        "local:maildir,           3, 30, 0",
        "unrouted,                3, 30, 0",
        "site:mx.any.example,     3, 30, 0",
        "site:mx.any.example/small.example, 2, 2, 0",
        "site:mx.any.example+00112233:2525/*.small.example, 4, 4, 60",
        "site:mx.big.example,     3, 100, 6000",
        "site:mx.big.example+00112233:2525, 3, 100, 6000",
        "site:mx.big.example/small.example, 2, 2, 0"
    })
    void aLaneHasTheBoundsOfItsDomainOrOfTheHostThatItLeadsTo(String lane, int first, int most, int perMinute) {
        assertThat(limits.of(lane)).isEqualTo(new LaneBounds(first, most, perMinute));
    }
}
