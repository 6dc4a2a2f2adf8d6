package dev.postern.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.TlsTrial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsJsonTest {
    private static Finding read(String json) throws IOException {
        return TlsJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), ReportLimits.DEFAULT);
    }

    private static Finding.Tls tls(String json) throws IOException {
        return (Finding.Tls) read(json);
    }

    private static String broken(String json) throws IOException {
        Finding finding = read(json);
        assertThat(finding).isInstanceOf(Finding.Broken.class);
        return ((Finding.Broken) finding).why();
    }

    @Test
    void sampleOfTheStandardIsRead() throws IOException {
        Finding.Tls found = tls(Samples.text("rfc8460.json"));
        assertThat(found.remarks()).isEmpty();
        TlsReport report = found.report();
        assertThat(report.organization()).isEqualTo("Company-X");
        assertThat(report.contact()).contains("sts-reporting@company-x.example");
        assertThat(report.reportId()).isEqualTo("5065427c-23d3-47ca-b6e0-946ea0e8c4be");
        assertThat(report.period())
                .isEqualTo(
                        new ReportPeriod(Instant.parse("2016-04-01T00:00:00Z"), Instant.parse("2016-04-01T23:59:59Z")));
        TlsPolicyResult result = report.policies().getFirst();
        assertThat(result.policy().type()).isEqualTo(TlsTrial.Type.STS);
        assertThat(result.policy().strings()).hasSize(4).first().isEqualTo("version: STSv1");
        assertThat(result.policy().domain()).isEqualTo(DomainName.of("company-y.example"));
        assertThat(result.policy().mxHosts()).containsExactly("*.mail.company-y.example");
        assertThat(result.successful()).isEqualTo(5326);
        assertThat(result.failed()).isEqualTo(303);
        assertThat(result.failures())
                .extracting(TlsFailure::result, TlsFailure::sessions)
                .containsExactly(
                        tuple(TlsTrial.Result.CERTIFICATE_EXPIRED, 100L),
                        tuple(TlsTrial.Result.STARTTLS_NOT_SUPPORTED, 200L),
                        tuple(TlsTrial.Result.VALIDATION_FAILURE, 3L));
        assertThat(result.failures().getLast().reason()).contains("X509_V_ERR_PROXY_PATH_LENGTH_EXCEEDED");
        assertThat(result.failures().get(1).receivingMx().address()).isPresent();
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        byte[] json = TlsJson.write(Samples.tls());
        assertThat(read(new String(json, StandardCharsets.UTF_8))).isEqualTo(new Finding.Tls(Samples.tls(), List.of()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "2016-04-01T00:00:00Z"                    | "2016-04-01T02:00:00+02:00"
            "2016-04-01T00:00:00Z"                    | "2016-04-01T00:00:00"
            5326                                      | "5326"
            "mx-host": "*.mail.company-y.example"     | "mx-host-pattern": ["*.mail.company-y.example"]
            "policy-type": "sts"                      | "policy-type": "STS", "x": {"y": [null, 1.5]}
            "contact-info": "sts-reporting@company-x.example" | "contact-info": null
            "organization-name": "Company-X"          | "organization-name": ""
            "203.0.113.56"                            | "somewhere"
            """)
    void whatReportersSendIsReadToo(String standard, String sent) throws IOException {
        String sample = Samples.text("rfc8460.json");
        assertThat(sample).contains(standard);
        Finding.Tls found = tls(sample.replace(standard, sent));
        assertThat(found.remarks()).isEmpty();
        assertThat(found.report().period().begin()).isEqualTo(Instant.parse("2016-04-01T00:00:00Z"));
        assertThat(found.report().policies().getFirst().successful()).isEqualTo(5326);
        assertThat(found.report().policies().getFirst().policy().mxHosts()).hasSize(1);
    }

    @Test
    void unknownKindOfFailureIsRemarked() throws IOException {
        Finding.Tls found = tls(Samples.text("rfc8460.json").replace("certificate-expired", "cosmic-rays"));
        assertThat(found.report().policies().getFirst().failures().getFirst().result())
                .isEqualTo(TlsTrial.Result.VALIDATION_FAILURE);
        assertThat(found.remarks()).containsExactly("a failure of type 'cosmic-rays' counts as validation-failure");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "policy-type": "sts"            | "policy-type": "wish"      | the report has no policy that makes sense: a policy is left out
            "company-y.example"             | "a b"                      | the report has no policy that makes sense
            5326                            | -1                         | the report has no policy that makes sense
            5326                            | 999999999999999999         | the report has no policy that makes sense
            5326                            | 1e400000000                | the report has no policy that makes sense
            "report-id"                     | "id"                       | the report has no report-id
            "2016-04-01T00:00:00Z"          | "yesterday"                | the report's start-datetime is no time: 'yesterday'
            "2016-04-01T00:00:00Z"          | 5                          | the report's start-datetime is no time: '5'
            "2016-04-01T00:00:00Z"          | "2016-04-02T00:00:00Z"     | the report is about a period that ends
            "summary": {                    | "summary": {{              | the JSON is malformed in line
            303                             | 3030303030303030303030303030303030303030 | the JSON is malformed or out of bounds
            "sts"                           | "sts\\ud800"               | the report has no policy that makes sense
            """)
    void whatIsWrongIsSaid(String standard, String sent, String why) throws IOException {
        String sample = Samples.text("rfc8460.json");
        assertThat(sample).contains(standard);
        assertThat(broken(sample.replace(standard, sent))).startsWith(why);
    }

    @Test
    void otherJsonIsNoReport() throws IOException {
        for (String json : new String[] {"{}", "{\"policies\": 1}", "{\"policies\": {}}"}) {
            assertThat(read(json)).isEqualTo(new Finding.NoReport("the JSON has no list of policies"));
        }
    }

    @Test
    void hostileJsonEnds() throws IOException {
        assertThat(broken("{\"a\":".repeat(100_000))).isEqualTo("the JSON is malformed or out of bounds");
        assertThat(broken("{\"policies\":[" + "{},".repeat(400_000) + "{}]}")).startsWith("the JSON is malformed");
        assertThat(broken("{\"policies\":[\"" + "x".repeat(200_000) + "\"]}")).startsWith("the JSON is malformed");
        assertThat(broken("{\"" + "x".repeat(9 << 20))).isEqualTo("the report has more than 8388608 octets");
        assertThat(broken("{\"policies\":[" + "{},".repeat(60_000) + "{}]}"))
                .isEqualTo("the report has more than 50000 policies and failures");
    }

    @Test
    void namelessReporterHasAContact() throws IOException {
        String sample = Samples.text("rfc8460.json").replace("organization-name", "name");
        assertThat(tls(sample).report().organization()).isEqualTo("sts-reporting@company-x.example");
        assertThat(broken(sample.replace("contact-info", "contact"))).isEqualTo("the report does not say who made it");
    }

    @Test
    void reportCutOffAnywhereIsBroken() throws IOException {
        byte[] sample = Samples.file("rfc8460.json");
        int whole = new String(sample, StandardCharsets.UTF_8).lastIndexOf('}') + 1;
        for (int length = 1; length < whole; length++) {
            Finding finding = read(new String(Arrays.copyOf(sample, length), StandardCharsets.UTF_8));
            assertThat(finding).as("%d octets", length).isInstanceOf(Finding.Broken.class);
        }
        assertThat(read("")).isInstanceOf(Finding.NoReport.class);
    }

    @Test
    void numbersCannotBeWrong() {
        TlsPolicyResult.Policy policy =
                new TlsPolicyResult.Policy(TlsTrial.Type.TLSA, List.of(), Samples.DOMAIN, List.of());
        assertThatThrownBy(() -> new TlsPolicyResult(policy, -1, 0, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TlsReport("x", Samples.PERIOD, Optional.empty(), "1", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
