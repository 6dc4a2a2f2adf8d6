package dev.postern.mailauth.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DmarcRecordTest {
    /// Records and what they mean, written anew; those of RFC 9989 appendix B.2 first.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com | v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com
            v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com | v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com; ruf=mailto:auth-reports@example.com
            v=DMARC1; | v=DMARC1; p=none
            v=DMARC1; p=quarantine; rua=mailto:dmarc-feedback@example.com,mailto:tld-test@thirdparty.example.net; t=y | v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc-feedback@example.com,mailto:tld-test@thirdparty.example.net
            v=DMARC1; p=reject; aspf=r; rua=mailto:dmarc-feedback@example.com | v=DMARC1; p=reject; rua=mailto:dmarc-feedback@example.com
            v=DMARC1 | v=DMARC1; p=none
            v=DMARC1;p=reject | v=DMARC1; p=reject
            V = DMARC1 ; P = Reject ; SP = NONE | v=DMARC1; p=reject; sp=none
            v=DMARC1; p=reject; sp=quarantine; np=reject; psd=y; adkim=s; aspf=s | v=DMARC1; p=reject; sp=quarantine; np=reject; psd=y; adkim=s; aspf=s
            v=DMARC1; psd=n; t=n; p=reject | v=DMARC1; p=reject; psd=n
            v=DMARC1; psd=u; adkim=r; p=reject | v=DMARC1; p=reject
            v=DMARC1; psd=maybe; adkim=strict; aspf=; t=1; p=reject | v=DMARC1; p=reject
            v=DMARC1; p=reject; pct=0; ri=3600; rf=afrf; x=y; junk; =; ;; | v=DMARC1; p=reject
            v=DMARC1; sp=reject | v=DMARC1; p=none; sp=reject
            v=DMARC1; p=rejected | v=DMARC1; p=
            v=DMARC1; p= | v=DMARC1; p=
            v=DMARC1; p=reject; p=none | v=DMARC1; p=
            v=DMARC1; p=reject; p=reject | v=DMARC1; p=
            v=DMARC1; p=reject; sp=nope | v=DMARC1; p=
            v=DMARC1; p=reject; np=nope | v=DMARC1; p=
            v=DMARC1; p=rejected; rua=mailto:a@x.example | v=DMARC1; p=none; rua=mailto:a@x.example
            v=DMARC1; p=reject; sp=nope; rua=mailto:a@x.example | v=DMARC1; p=none; rua=mailto:a@x.example
            v=DMARC1; p=reject; np=nope; rua=nothing | v=DMARC1; p=
            v=DMARC1; p=rejected; ruf=mailto:a@x.example | v=DMARC1; p=; ruf=mailto:a@x.example
            v=DMARC1; p=none; rua=mailto:a@x.example!10m , https://x.example/r!5 ,, ftp://x | v=DMARC1; p=none; rua=mailto:a@x.example!10m,https://x.example/r!5,ftp://x
            v=DMARC1; p=none; rua=mailto:a!b@x.example,mailto:,mailto:a,a@x.example,//x,mailto:a b@x.example | v=DMARC1; p=none
            v=DMARC1; p=none; rua=mailto:a%21b@x.example?subject=d | v=DMARC1; p=none; rua=mailto:a%21b@x.example?subject=d
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=1:d:s | v=DMARC1; p=none; fo=1:d:s; ruf=mailto:a@x.example
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=s:D : 0 | v=DMARC1; p=none; fo=0:d:s; ruf=mailto:a@x.example
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=d | v=DMARC1; p=none; fo=d; ruf=mailto:a@x.example
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=0:1 | v=DMARC1; p=none; ruf=mailto:a@x.example
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=1:x | v=DMARC1; p=none; ruf=mailto:a@x.example
            v=DMARC1; p=none; ruf=mailto:a@x.example; fo=d:d:1 | v=DMARC1; p=none; ruf=mailto:a@x.example
            v=DMARC1; p=none; fo=1 | v=DMARC1; p=none
            """)
    void recordsMeanWhatTheySay(String text, String meaning) {
        assertThat(DmarcRecord.parse(text).map(DmarcRecord::toString)).contains(meaning);
        assertThat(DmarcRecord.parse(meaning)).isEqualTo(DmarcRecord.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v",
                "v=",
                "v=DMARC2; p=reject",
                "v=dmarc1; p=reject",
                "v=DMARC1 p=reject",
                "v=DMARC1, p=reject",
                "v=DMARC10; p=reject",
                " v=DMARC1; p=reject",
                "\"v=DMARC1; p=reject\"",
                "p=reject; v=DMARC1",
                "; v=DMARC1; p=reject",
                "v; =DMARC1",
                "vv=DMARC1; p=reject",
                "v=spf1 -all",
                "v\u0000=DMARC1; p=reject"
            })
    void whatDoesNotBeginWithTheVersionIsNoRecord(String text) {
        assertThat(DmarcRecord.parse(text)).isEmpty();
    }

    @Test
    void octetsBeyondAsciiSpoilTheirTagOnly() {
        assertThat(DmarcRecord.parse("v=DMARC1; p=reject; adkim=s\u00a0; \u00fc=\u0000; aspf=s"))
                .hasToString("Optional[v=DMARC1; p=reject; aspf=s]");
    }

    @Test
    void reportsGoToABoundedNumberOfAddresses() {
        String many = IntStream.range(0, 3000)
                .mapToObj(i -> "mailto:a" + i + "@x.example")
                .collect(Collectors.joining(","));
        DmarcRecord record =
                DmarcRecord.parse("v=DMARC1; p=reject; rua=" + many).orElseThrow();
        assertThat(record.reporting().aggregate())
                .hasSize(DmarcRecordReader.MOST_URIS)
                .contains(ReportUri.of(URI.create("mailto:a0@x.example")));
        assertThat(record.policies().orElseThrow().domain()).isEqualTo(DmarcPolicy.REJECT);
        assertThat(DmarcRecord.parse("v=DMARC1; p=no; rua=https://x.example/" + "x".repeat(1024))
                        .orElseThrow()
                        .policies())
                .isEmpty();
    }

    @Test
    void policiesForNamesBelowFallBack() {
        assertThat(policies("p=reject").forMissing()).isEqualTo(DmarcPolicy.REJECT);
        assertThat(policies("p=reject; sp=none").forSubdomain()).isEqualTo(DmarcPolicy.NONE);
        assertThat(policies("p=reject; sp=none").forMissing()).isEqualTo(DmarcPolicy.NONE);
        assertThat(policies("p=none; np=reject").forSubdomain()).isEqualTo(DmarcPolicy.NONE);
        assertThat(policies("p=none; np=reject").forMissing()).isEqualTo(DmarcPolicy.REJECT);
    }

    private static DmarcRecord.Policies policies(String tags) {
        return DmarcRecord.parse("v=DMARC1; " + tags)
                .flatMap(DmarcRecord::policies)
                .orElseThrow();
    }
}
