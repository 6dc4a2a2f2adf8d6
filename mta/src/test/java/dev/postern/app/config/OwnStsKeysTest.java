package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.tlspolicy.mtasts.StsPolicy;
import dev.postern.zonerecords.StsSite;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnStsKeysTest {
    private static final String SITE = """
            hostname = "mail.example.org"
            [listen]
            mx = ["127.0.0.1:2525"]
            https = ["127.0.0.1:4443"]
            [domains]
            local = ["ours.example"]
            postmaster = "joe@ours.example"
            recipients = "any"
            [mta-sts]
            """;

    @TempDir
    private Path folder;

    private Config good(String lines) throws IOException {
        return new WrittenConfig(folder, SITE).good(lines);
    }

    @Test
    void withoutAModeThereIsNoPolicy() throws IOException {
        assertThat(good("").mtaSts().own()).isEmpty();
        assertThat(good("mode = \"off\"").mtaSts().own()).isEmpty();
    }

    @Test
    void policyNamesThisServerAndWhatIsWritten() throws IOException {
        assertThat(good("mode = \"enforce\"").mtaSts().own())
                .contains(new StsSite(
                        new StsPolicy(StsPolicy.Mode.ENFORCE, List.of("mail.example.org"), Duration.ofDays(7)), false));
        assertThat(good("""
                mode = "testing"
                max-age = "1d"
                serve = true
                hosts = ["*.Example.NET", "mail.example.org", "mx2.bücher.example"]
                """).mtaSts().own())
                .contains(new StsSite(
                        new StsPolicy(
                                StsPolicy.Mode.TESTING,
                                List.of("mail.example.org", "*.example.net", "mx2.xn--bcher-kva.example"),
                                Duration.ofDays(1)),
                        true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mode = "always"                          | must be one of enforce, testing, none, off
            mode = "none"; max-age = "366d"          | from 1s to 365d
            mode = "none"; max-age = "0s"            | above zero
            mode = "testing"; hosts = ["*example"]   | is not the name of a host
            mode = "testing"; hosts = ["a.*.org"]    | is not the name of a host
            serve = true                             | no policy to serve
            hosts = ["mx2.example.org"]              | "mta-sts.hosts" is for a policy of ours
            max-age = "1d"                           | "mta-sts.max-age" is for a policy of ours
            wait = "2m"                              | "mta-sts.wait" must be a minute or less
            """)
    void whatIsWrongIsTold(String lines, String fault) throws IOException {
        assertThat(new WrittenConfig(folder, SITE).faults(lines.replace("; ", "\n")))
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void policyIsNotServedWhereNobodyListensForIt() throws IOException {
        WrittenConfig written = new WrittenConfig(folder, SITE.replace("https = [\"127.0.0.1:4443\"]\n", ""));
        assertThat(written.faults("mode = \"testing\"\nserve = true\n"))
                .singleElement()
                .asString()
                .contains("served under TLS only");
    }

    /// Names of hosts of policies are in the certificate that is ordered, unless the file names others.
    @Test
    void certificateIsForTheHostsOfServedPoliciesToo() throws IOException {
        String acme = """
                mode = "testing"
                serve = %s
                [tls.acme]
                directory = "letsencrypt"
                accept-terms = true
                challenge = "tls-alpn-01"
                """;
        assertThat(good(acme.formatted("true"))
                        .tls()
                        .acme()
                        .orElseThrow()
                        .settings()
                        .names())
                .containsExactly(DomainName.of("mail.example.org"), DomainName.of("mta-sts.ours.example"));
        assertThat(good(acme.formatted("false"))
                        .tls()
                        .acme()
                        .orElseThrow()
                        .settings()
                        .names())
                .containsExactly(DomainName.of("mail.example.org"));
    }
}
