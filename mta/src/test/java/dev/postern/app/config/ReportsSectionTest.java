package dev.postern.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.mailauth.dkim.DkimAlgorithm;
import dev.postern.mailauth.dkim.DkimKey;
import dev.postern.reporting.ReportingSettings;
import dev.postern.reportstore.ArchiveBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportsSectionTest {
    private static final String SITE = """
            hostname = "mail.ours.example"
            [listen]
            mx = ["127.0.0.1:2525"]
            [domains]
            local = ["ours.example"]
            postmaster = "joe@ours.example"
            [reports]
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeSite() throws IOException {
        Files.writeString(folder.resolve("accounts"), "joe@ours.example !\n");
        Files.writeString(folder.resolve("aliases"), "dmarc: joe\n");
        Path keys = Files.createDirectory(folder.resolve("dkim"));
        Path key = Files.writeString(
                keys.resolve("ed._domainkey.ours.example.pem"),
                DkimKey.generate(DkimAlgorithm.ED25519_SHA256, Optional.empty()).pem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }

    private static String lines(String reports) {
        return reports.replace(";", "\n") + "\n";
    }

    private Config.Reports good(String reports) throws IOException {
        return new WrittenConfig(folder, SITE).good(lines(reports)).reports();
    }

    @Test
    void nothingIsSentAndNothingReadUnlessItIsSaid() throws IOException {
        assertThat(good("")).isEqualTo(new Config.Reports(Optional.empty(), List.of(), ArchiveBounds.usual()));
    }

    @ParameterizedTest
    @CsvSource({
        "from = 'joe@ours.example', aggregate tls",
        "from = 'joe@sub.ours.example', aggregate tls",
        "from = 'joe@ours.example'; failures = true, aggregate tls failure",
        "from = 'joe@ours.example'; aggregate = false, tls",
        "from = 'joe@ours.example'; tls = false, aggregate",
        "from = 'joe@elsewhere.example'; aggregate = false; tls = false, ''",
    })
    void reportsAreSentWhereTheyHaveAnAuthor(String reports, String kinds) throws IOException {
        assertThat(good(reports).sending().orElseThrow())
                .satisfies(settings -> assertThat(settings.kinds().stream()
                                .sorted()
                                .map(Object::toString)
                                .collect(Collectors.joining(" ")))
                        .isEqualTo(kinds))
                .returns("mail.ours.example", ReportingSettings::organization);
    }

    @Test
    void whatIsKeptIsASetting() throws IOException {
        assertThat(good("keep = '30d'; keep-size = '1MiB'; keep-number = 7").archive())
                .isEqualTo(new ArchiveBounds(7, 1 << 20, Duration.ofDays(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "read = ['joe@ours.example']",
        "read = ['joe+dmarc@ours.example']",
        "read = 'JOE@ours.example'",
    })
    void reportsAreReadWhereThereIsAnInbox(String reports) throws IOException {
        assertThat(good(reports).read()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aggregate = true | reports need an author: write from = \"postmaster@YOUR.DOMAIN\" below [reports]",
                "tls = true | reports need an author: write from = \"postmaster@YOUR.DOMAIN\" below [reports]",
                "failures = true | reports need an author: write from = \"postmaster@YOUR.DOMAIN\" below [reports]",
                "from = 'joe@elsewhere.example' | reports must be signed (RFC 9990 section 3.5.2, RFC 8460 section 3), and"
                        + " signing.keys has no key for the domain of joe@elsewhere.example",
                "from = 'joe' | \"reports.from\" must be an address, not \"joe\"",
                "read = ['dmarc@ours.example'] | dmarc@ours.example is an alias; name the inbox that it leads to:"
                        + " [joe@ours.example]",
                "read = ['ann@ours.example'] | ann@ours.example is no inbox, so that reports to it are refused; add an"
                        + " account, or take a subaddress such as postmaster+dmarc",
                "read = ['joe@elsewhere.example'] | joe@elsewhere.example is in none of our domains",
                "keep = '0d' | \"reports.keep\" must be longer than nothing, such as \"400d\"",
                "form = 'x' | unknown key \"reports.form\"; did you mean \"from\"?",
            })
    void whatDoesNotFitIsAFault(String reports, String fault) throws IOException {
        assertThat(new WrittenConfig(folder, SITE).faults(lines(reports)))
                .singleElement()
                .returns(fault, Fault::message)
                .returns(8, Fault::line);
    }
}
