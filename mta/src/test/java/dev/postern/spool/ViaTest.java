package dev.postern.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.dns.DomainName;
import dev.postern.smtp.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ViaTest {
    @ParameterizedTest
    @CsvSource({
        "relay.example, relay.example:25",
        "Relay.Example:2525, relay.example:2525",
        "192.0.2.1, [192.0.2.1]:25",
        "[192.0.2.1]:26, [192.0.2.1]:26",
        "[2001:db8::1], [IPv6:2001:db8:0:0:0:0:0:1]:25",
        "[IPv6:2001:db8::1]:587, [IPv6:2001:db8:0:0:0:0:0:1]:587",
        "localhost:65535, localhost:65535",
    })
    void aHostAndItsPortAreRead(String text, String read) {
        Via via = Via.parse(text, true).orElseThrow();
        assertThat(via).hasToString(read);
        assertThat(Via.parse(via.toString(), true)).contains(via);
        assertThat(Via.parse(text, false)).isPresent().get().isNotEqualTo(via);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":25",
                "relay.example:",
                "relay.example:0",
                "relay.example:65536",
                "relay.example:99999999999",
                "relay.example:25:25",
                "2001:db8::1",
                "[relay.example]",
                "[25]",
                "25",
                "1.2.3",
                "[]",
                "[::1%eth0]",
                "[IPv6:192.0.2]",
                "a b",
                "a..b",
                "relay.example/24",
                "256.1.1.1",
                "[::1",
                "relay.example\r\n:25",
            })
    void anythingElseIsNone(String text) {
        assertThat(Via.parse(text, true)).isEmpty();
    }

    @Test
    void aPortThatIsNoneIsOurMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Via(new Host.Domain(DomainName.of("relay.example")), 0, true));
    }
}
