package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.crypto.TestCertificate;
import dev.postern.dns.DomainName;
import dev.postern.dns.Zone;
import dev.postern.smtp.Mailbox;
import java.io.IOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteTest {
    @Test
    void everythingThatASiteShouldPublish() throws IOException {
        List<String> lines = new ArrayList<>();
        Sites.full().places().forEach(place -> lines.addAll(place.lines()));
        lines.addAll(Sites.lines(Sites.full()));
        assertThat(String.join("\n", lines) + "\n").isEqualTo(Files.readString(Sites.file("full.zone")));
    }

    @Test
    void whatIsPrintedIsAMasterFile() throws IOException {
        String text = String.join("\n", Sites.lines(Sites.full())) + "\n";
        assertThat(Zone.parse(text)).isInstanceOf(Zone.Good.class);
    }

    @Test
    void whatIsNotThereIsNotAskedFor() {
        assertThat(Sites.lines(Sites.small()))
                .containsExactly(
                        "example.org.  MX    10 mail.example.org.",
                        "example.org.  TXT   \"v=spf1 mx -all\"",
                        "_dmarc.example.org.  TXT   \"v=DMARC1; p=quarantine\"",
                        "mail.example.org.  TXT   \"v=spf1 a -all\"");
        assertThat(Sites.small().places()).containsExactly(new OwnName(Sites.HOST, Sites.HOST));
    }

    /// A host that is a domain of ours says once who sends in its name.
    @Test
    void hostThatIsADomainHasOnePolicy() {
        Site site = new Site(
                new Site.Names(Sites.ORG, List.of(Sites.ORG)),
                new SiteKeys(List.of(), List.of()),
                List.of(),
                Optional.empty());
        assertThat(Sites.lines(site))
                .filteredOn(line -> line.contains("v=spf1"))
                .hasSize(1);
    }

    @Test
    void namesThatLeaveNoRoomForLabelsHaveNoRecords() {
        String longest = ("a".repeat(60) + ".").repeat(4) + "example";
        DomainName tooLong = DomainName.of(longest);
        DomainName nearly = DomainName.of(longest.substring(20));
        Site site = new Site(
                new Site.Names(tooLong, List.of(tooLong, nearly, Sites.NET)),
                new SiteKeys(List.of(), List.of()),
                List.of(Mailbox.of("reports", nearly)),
                Optional.empty());
        assertThat(site.records(SpfTrial.none()))
                .noneMatch(own -> own.subject().equals(tooLong))
                .anyMatch(own -> own.subject().equals(nearly))
                .allSatisfy(own -> assertThat(own.name().text().length()).isLessThanOrEqualTo(253));
    }

    private static X509Certificate certificate(String... hosts) {
        return TestCertificate.named("CN=" + hosts[0]).dns(hosts).bySelf().certificate();
    }

    private static List<X509Certificate> stoodFor(X509Certificate... certificates) {
        return SiteKeys.of(List.of(), Sites.HOST, List.of(certificates)).certificates();
    }

    /// Mail comes under the name of an exchanger, so no record stands for what only the web server shows.
    @Test
    void tlsaRecordStandsForWhatIsShownUnderTheNameOfTheHostAlone() {
        X509Certificate mail = certificate(Sites.HOST.text(), "mta-sts.example.org");
        X509Certificate policy = certificate("mta-sts.example.org", "mta-sts.example.net");
        X509Certificate web = certificate("mta-sts.example.org", "localhost");

        assertThat(stoodFor(mail, policy, web)).containsExactly(mail);
        assertThat(stoodFor(policy, web)).containsExactly(web);
        assertThat(stoodFor(policy)).isEmpty();
    }
}
