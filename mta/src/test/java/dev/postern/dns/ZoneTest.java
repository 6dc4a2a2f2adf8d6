package dev.postern.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ZoneTest {
    private static <R> Zone.Step<R> step(String text, String name, RecordType<R> type) {
        return Zone.of(text).step(DomainName.of(name), type);
    }

    @Test
    void blankLinesCommentsParenthesesAndClassesAreUnderstood() {
        String text = """

                ; a comment alone
                $ORIGIN example.  ; and one behind
                @ 1h IN SOA ns hostmaster (
                      1     ; serial
                      2 3 4 5 )
                a IN 60 A 192.0.2.1
                \t300 IN AAAA 2001:db8::1
                t TXT ( "one;"
                        two )
                """;
        assertThat(step(text, "a.example", RecordType.A))
                .isEqualTo(new Zone.Records<>(
                        List.of(IpText.ip4("192.0.2.1").orElseThrow()), Duration.ofMinutes(1), false));
        assertThat(step(text, "a.example", RecordType.AAAA)).isInstanceOf(Zone.Records.class);
        assertThat(step(text, "t.example", RecordType.TXT))
                .isEqualTo(new Zone.Records<>(List.of("one;two"), Duration.ofMinutes(5), false));
        assertThat(step(text, "example", RecordType.MX)).isInstanceOf(Zone.NoData.class);
    }

    @Test
    void namesAreAbsoluteWithoutAnOriginAndUpperCaseIsTheSame() {
        assertThat(step("MX.Example A 192.0.2.1\r\n", "mx.example", RecordType.A))
                .isInstanceOf(Zone.Records.class);
        assertThat(step("$ORIGIN example.\n$ORIGIN .\nmx.example A 192.0.2.1", "mx.example", RecordType.A))
                .isInstanceOf(Zone.Records.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "5, 5",
        "1m, 60",
        "1h30m, 5400",
        "1d, 86400",
        "2w, 1209600",
        "1m5, 65",
        "99999999999w, 2147483647"
    })
    void timesToLive(String text, long seconds) {
        assertThat(step("a.example " + text + " A 192.0.2.1", "a.example", RecordType.A))
                .isInstanceOfSatisfying(
                        Zone.Records.class,
                        records -> assertThat(records.ttl()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("a.example.", 1, 1, "a name without a record"),
                Arguments.of(" A 192.0.2.1", 1, 2, "belongs to the name above it"),
                Arguments.of("a.example. A", 1, 12, "exactly one word"),
                Arguments.of("a.example. A 1.2.3", 1, 14, "no IPv4 address"),
                Arguments.of("a.example. A 1.2.3.256", 1, 14, "no IPv4 address"),
                Arguments.of("a.example. A 1.2.3.04", 1, 14, "no IPv4 address"),
                Arguments.of("a.example. A localhost", 1, 14, "no IPv4 address"),
                Arguments.of("a.example. AAAA 1.2.3.4", 1, 17, "no IPv6 address"),
                Arguments.of("a.example. AAAA fe80::1%eth0", 1, 17, "no IPv6 address"),
                Arguments.of("a.example. AAAA 1:2:3", 1, 17, "no IPv6 address"),
                Arguments.of("a.example. MX mx.example.", 1, 12, "a preference and a host"),
                Arguments.of("a.example. MX 65536 mx.example.", 1, 15, "no number from 0 to 65535"),
                Arguments.of("a.example. MX 10 -mx.example.", 1, 18, "no domain name"),
                Arguments.of("*.example. A 192.0.2.1", 1, 1, "no domain name"),
                Arguments.of("@ A 192.0.2.1", 1, 1, "stands for the origin"),
                Arguments.of("a.example. TXT", 1, 12, "at least one text"),
                Arguments.of("a.example. TXT \"open", 1, 16, "add a closing quote"),
                Arguments.of("a.example. TLSA 3 1 1", 1, 12, "usage, selector"),
                Arguments.of("a.example. TLSA 3 1 1 0", 1, 23, "pairs of hexadecimal digits"),
                Arguments.of("a.example. TLSA 3 1 1 zz", 1, 23, "pairs of hexadecimal digits"),
                Arguments.of("a.example. TLSA 3 256 1 00", 1, 19, "no number from 0 to 255"),
                Arguments.of("a.example. SPF x", 1, 12, "no record type SPF"),
                Arguments.of("a.example. 5x A 192.0.2.1", 1, 12, "no time to live"),
                Arguments.of("$TTL", 1, 1, "exactly one word"),
                Arguments.of("$TTL soon", 1, 6, "no time to live"),
                Arguments.of("$INCLUDE file", 1, 1, "no directive"),
                Arguments.of("$AUTHENTIC maybe", 1, 12, "yes or no"),
                Arguments.of("a.example. SERVFAIL SOON", 1, 21, "record types or by nothing"),
                Arguments.of("a.example. CNAME b.example.\na.example. A 192.0.2.1", 2, 12, "no other record"),
                Arguments.of("a.example. A 192.0.2.1\na.example. CNAME b.example.", 2, 12, "no other record"),
                Arguments.of("a.example. CNAME b.example.\na.example. CNAME c.example.", 2, 12, "no second CNAME"),
                Arguments.of("a.example. TXT ( x", 1, 19, "add a )"),
                Arguments.of("a.example. TXT x )", 1, 18, "without an opening one"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void faultsTellWhereAndWhat(String text, int line, int column, String words) {
        assertThat(Zone.parse(text))
                .isInstanceOfSatisfying(
                        Zone.Bad.class,
                        unreadable -> assertThat(unreadable.faults()).anySatisfy(fault -> {
                            assertThat(fault.line()).isEqualTo(line);
                            assertThat(fault.column()).isEqualTo(column);
                            assertThat(fault.what()).contains(words);
                        }));
    }

    @Test
    void allFaultsComeAtOnce() {
        assertThatThrownBy(() -> Zone.of("a.example. A x\nb.example. MX y\nc.example. A 192.0.2.1\nd.example. NO\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("line 1,", "line 2,", "line 4,");
    }

    @Test
    void noTextMakesTheParserThrow() {
        Random random = new Random(1035);
        String alphabet = "$ORIGINTLAUHEC @.;()\"\\\n\t 0123456789abmxAXTYesno:-_*é\u0000";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(Zone.parse(text.toString())).isNotNull();
        }
    }
}
