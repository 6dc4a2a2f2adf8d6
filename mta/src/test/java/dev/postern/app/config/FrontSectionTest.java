package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontSectionTest {
    @TempDir
    private Path folder;

    private WrittenConfig written() {
        return new WrittenConfig(folder, """
                hostname = "mail.example.org"
                [listen]
                mx = ["127.0.0.1:2525"]
                [domains]
                postmaster = "admin@example.net"
                """);
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void everybodySpeaksForItselfByDefault() throws IOException {
        Config.Front front = written().good("").front();
        assertThat(front.balancers().hosts().networks()).isEmpty();
        assertThat(front.balancers().patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(front.xclient().hosts().networks()).isEmpty();
        assertThat(front.xclient().logins()).isFalse();
        assertThat(front.xforward().networks()).isEmpty();
        assertThat(front.lookups()).isFalse();
    }

    @Test
    void balancerIsNothingButABalancer() throws IOException {
        Config config = written().good("""
                [relay]
                networks = ["10.0.0.0/8"]
                [relay.domains]
                "branch.example.org" = "mx"
                [relay.etrn]
                "branch.example.org" = "10.0.0.0/24, 2001:db8::7"
                [front]
                balancers = ["10.0.0.5"]
                header-time-out = "2s"
                xclient = ["10.0.0.0/24"]
                xclient-login = true
                xforward = ["10.0.0.0/24"]
                lookups = "trusted"
                """);
        for (String literal : new String[] {"10.0.0.5", "10.0.0.6"}) {
            boolean other = literal.endsWith("6");
            assertThat(config.relay().networks().contains(address(literal))).isEqualTo(other);
            assertThat(config.front().xclient().hosts().contains(address(literal)))
                    .isEqualTo(other);
            assertThat(config.front().xforward().contains(address(literal))).isEqualTo(other);
            assertThat(config.relay().etrn().rights().getFirst().hosts().contains(address(literal)))
                    .isEqualTo(other);
        }
        assertThat(config.front().balancers().hosts().contains(address("10.0.0.5")))
                .isTrue();
        assertThat(config.front().balancers().patience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.front().xclient().logins()).isTrue();
        assertThat(config.front().lookups()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [front];balancers = ["0.0.0.0/0"]           | would believe the whole world
            [front];xclient = ["::/0"]                  | would believe the whole world
            [front];xforward = ["128.0.0.0/1"]          | would believe the whole world
            [front];xclient = ["proxy.example.org"]     | is not an address range
            [front];header-time-out = "0s"              | must be above zero
            [front];lookups = "all"                     | must be one of nobody, trusted
            [front];xclients = ["10.0.0.1"]             | did you mean "xclient"
            [relay.etrn];"branch.example.org" = "::1"   | is none of the relay domains
            [relay.domains];"b.example" = "mx";[relay.etrn];"b.example" = "b.example" | must be address ranges
            [relay.domains];"b.example" = "mx";[relay.etrn];"a.b.example" = "::1"     | is none of the relay domains
            """)
    void whatIsWrongIsTold(String text, String fault) throws IOException {
        assertThat(written().faults(text.replace(';', '\n') + "\n"))
                .singleElement()
                .asString()
                .contains(fault);
    }
}
