package dev.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAttributesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ADDR   | 192.0.2.1                | true",
                "ADDR   | IPV6:2001:db8::1         | true",
                "ADDR   | ipv6:2001:DB8::1         | true",
                "ADDR   | IPV6:::ffff:192.0.2.1    | true",
                "ADDR   | 2001:db8::1              | false",
                "ADDR   | IPV6:192.0.2.1           | false",
                "ADDR   | IPV6:fe80::1%1           | false",
                "ADDR   | IPV6:[::1]               | false",
                "ADDR   | 192.0.2                  | false",
                "ADDR   | 192.0.2.010              | false",
                "ADDR   | 192.0.2.256              | false",
                "ADDR   | localhost                | false",
                "NAME   | mx.example.org           | true",
                "NAME   | mx_1.example.org         | false",
                "NAME   | a b                      | false",
                "PORT   | 0                        | true",
                "PORT   | 65535                    | true",
                "PORT   | 65536                    | false",
                "PORT   | +25                      | false",
                "PORT   | 000025                   | false",
                "PROTO  | esmtp                    | true",
                "PROTO  | LMTP                     | false",
                "HELO   | [192.0.2.1]              | true",
                "HELO   | a b                      | false",
                "HELO   | ä.example                | false",
                "LOGIN  | joe user@example.org     | true",
                "SOURCE | LOCAL                    | true",
                "SOURCE | ELSEWHERE                | false",
            })
    void valueIsOneOfItsAttributeOrNot(ClientAttribute attribute, String value, boolean possible) {
        assertThat(attribute.admits(value)).isEqualTo(possible);
    }

    @Test
    void noAttributeHasControlsOrIsLong() {
        for (ClientAttribute attribute : ClientAttribute.values()) {
            assertThat(attribute.admits("")).isFalse();
            assertThat(attribute.admits("a\r\nb")).isFalse();
            assertThat(attribute.admits("a\u0085b")).isFalse();
            assertThat(attribute.admits("a\u2028b")).isFalse();
            assertThat(attribute.admits("a".repeat(256))).isFalse();
        }
    }

    @Test
    void valueThatIsNoneIsNotCarried() {
        assertThatThrownBy(() -> new ClientAttributes(Map.of(ClientAttribute.ADDR, Optional.of("x"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void laterOnesReplaceEarlierOnes() {
        ClientAttributes first = new ClientAttributes(
                Map.of(ClientAttribute.ADDR, Optional.of("192.0.2.1"), ClientAttribute.PORT, Optional.of("25")));
        ClientAttributes both = new ClientAttributes(Map.of(ClientAttribute.ADDR, Optional.empty())).over(first);
        assertThat(first.address(ClientAttribute.ADDR)).hasValue(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(both.address(ClientAttribute.ADDR)).isEmpty();
        assertThat(both.port(ClientAttribute.PORT)).isEqualTo(25);
        assertThat(both.port(ClientAttribute.DESTPORT)).isZero();
        assertThat(both.words()).containsExactly(Map.entry("addr", "unavailable"), Map.entry("port", "25"));
    }
}
