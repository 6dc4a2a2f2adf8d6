package dev.postern.tlspolicy.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsrptRecordTest {
    private static String places(String record) {
        return TlsrptRecord.parse(record).orElseThrow().places().stream()
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    // the first two are of the forms of RFC 8460 §3.1.1 and §3.1.2
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=TLSRPTv1; rua=mailto:reports@example.com          | mailto:reports@example.com
            v=TLSRPTv1; rua=https://in.example.com/v1/tlsrpt | https://in.example.com/v1/tlsrpt
            v=TLSRPTv1;rua=mailto:a@b.example                   | mailto:a@b.example
            v=TLSRPTv1 ; rua=mailto:a@b.example ;               | mailto:a@b.example
            v=TLSRPTv1; rua=mailto:a@b.example , https://c.example/ | mailto:a@b.example https://c.example/
            v=TLSRPTv1; rua=mailto:a@b.example; rua=mailto:c@d.example | mailto:a@b.example mailto:c@d.example
            v=TLSRPTv1; rua=mailto:a@b.example,mailto:a@b.example | mailto:a@b.example
            v=TLSRPTv1; x-next.1=so/be,it=?; rua=mailto:a@b.example | mailto:a@b.example
            v=TLSRPTv1; RUA=mailto:x@y.example; rua=mailto:a@b.example | mailto:a@b.example
            v=TLSRPTv1; rua=MAILTO:a%2Bb@b.example?subject=x    | mailto:a+b@b.example
            v=TLSRPTv1; rua=HTTPS://c.example:8443/a%2Cb?q=1    | HTTPS://c.example:8443/a%2Cb?q=1
            v=TLSRPTv1; rua=http://c.example/,ftp://c.example/  | ''
            v=TLSRPTv1; rua=mailto:a@[127.0.0.1]                | ''
            v=TLSRPTv1; rua=mailto:a@b.example%2Cc@d.example    | ''
            v=TLSRPTv1; rua=mailto:a%0D%0ARCPT@b.example        | ''
            v=TLSRPTv1; rua=mailto:                             | ''
            v=TLSRPTv1; rua=https:///path                       | ''
            v=TLSRPTv1; rua=https://user:word@c.example/        | ''
            v=TLSRPTv1; rua=https://127.0.0.1/                  | https://127.0.0.1/
            v=TLSRPTv1; rua=https://[::1]/                      | ''
            v=TLSRPTv1; rua=https://c.example/#part             | ''
            v=TLSRPTv1; rua=not a uri                           | ''
            v=TLSRPTv1; rua=,                                   | ''
            """)
    void recordNamesThePlacesThatReportsCanGoTo(String record, String places) {
        assertThat(places(record)).isEqualTo(places);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=TLSRPTv1",
                "v=TLSRPTv1;",
                "v=TLSRPTv1; ;rua=mailto:a@b.example",
                "v=TLSRPTv1; rua=mailto:a@b.example;;",
                "v=TLSRPTv1; rua=",
                "v=TLSRPTv1; rua",
                "v=TLSRPTv1; x=1",
                "v=TLSRPTv1; rua=mailto:a@b.example; x",
                "v=TLSRPTv1; rua=mailto:a@b.example; x=",
                "v=TLSRPTv1; rua=mailto:a@b.example; _x=1",
                "v=TLSRPTv1; rua=mailto:a@b.example; a23456789012345678901234567890123=1",
                "v=TLSRPTv2; rua=mailto:a@b.example",
                "v=TLSRPTv11; rua=mailto:a@b.example",
                "V=TLSRPTv1; rua=mailto:a@b.example",
                "v=tlsrptv1; rua=mailto:a@b.example",
                " v=TLSRPTv1; rua=mailto:a@b.example",
                "rua=mailto:a@b.example; v=TLSRPTv1",
            })
    void recordOfAnotherFormIsNone(String record) {
        assertThat(TlsrptRecord.parse(record)).isEmpty();
    }

    @Test
    void placesAreBounded() {
        String many = IntStream.range(0, 1_000)
                .mapToObj(i -> "mailto:a" + i + "@b.example")
                .collect(Collectors.joining(","));
        assertThat(TlsrptRecord.parse("v=TLSRPTv1; rua=" + many).orElseThrow().places())
                .hasSize(TlsrptRecord.MOST);
        assertThat(TlsrptRecord.parse("v=TLSRPTv1; rua=https://c.example/" + "x".repeat(ReportPlace.LONGEST))
                        .orElseThrow()
                        .places())
                .isEmpty();
    }

    @Test
    void placeOfTheWebIsHttpsAtANamedHost() {
        assertThatThrownBy(() -> new ReportPlace.Web(URI.create("http://c.example/")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
