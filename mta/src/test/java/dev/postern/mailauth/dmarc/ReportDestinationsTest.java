package dev.postern.mailauth.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import java.net.URI;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportDestinationsTest {
    private static final Resolver DNS = ZoneResolver.of("""
            _dmarc.blue.example. TXT "v=DMARC1; p=none"
            blue.example._report._dmarc.red.example. TXT "v=DMARC1"
            blue.example._report._dmarc.several.example. TXT "v=spf1 -all"
            blue.example._report._dmarc.several.example. TXT "v=DMARC1;"
            blue.example._report._dmarc.several.example. TXT "v=DMARC1; rua=mailto:other@several.example"
            blue.example._report._dmarc.junk.example. TXT "hello"
            blue.example._report._dmarc.late.example. TXT "rua=mailto:x@late.example; v=DMARC1"
            blue.example._report._dmarc.away.example. TXT "v=DMARC1; rua=mailto:x@victim.example"
            blue.example._report._dmarc.below.example. TXT "v=DMARC1; rua=mailto:x@sub.below.example"
            blue.example._report._dmarc.mixed.example. TXT "v=DMARC1; rua=mailto:x@mixed.example,https://mixed.example/"
            blue.example._report._dmarc.other.example. TXT "v=DMARC1; ruf=mailto:f@other.example!5k"
            blue.example._report._dmarc.any.example. TXT "v=DMARC1"
            deep.down.green.example._report._dmarc.any.example. TXT "v=DMARC1"
            _dmarc.co.example. TXT "v=DMARC1; p=none; psd=y"
            """);

    @ParameterizedTest
    @CsvSource({
        // within the organization nobody is asked
        "blue.example, mailto:a@blue.example, given mailto:a@blue.example",
        "blue.example, mailto:a@sub.blue.example, given mailto:a@sub.blue.example",
        "sub.blue.example, mailto:a@blue.example!1m, given mailto:a@blue.example!1m",
        "x.co.example, mailto:a@y.co.example, refused",
        // elsewhere a record must stand
        "blue.example, mailto:a@red.example, given mailto:a@red.example",
        "green.example, mailto:a@red.example, refused",
        "blue.example, mailto:a@any.example, given mailto:a@any.example",
        "deep.down.green.example, mailto:a@any.example, given mailto:a@any.example",
        "blue.example, mailto:a@sub.any.example, refused",
        "blue.example, mailto:a@junk.example, refused",
        "blue.example, mailto:a@late.example, refused",
        // which may name another inbox, but no other host
        "blue.example, mailto:a@several.example, given mailto:other@several.example",
        "blue.example, mailto:a@away.example, refused",
        "blue.example, mailto:a@below.example, refused",
        "blue.example, mailto:a@mixed.example, refused",
        "blue.example, mailto:a@other.example, given mailto:a@other.example",
        // what is no inbox in a domain
        "blue.example, https://red.example/, refused",
        "blue.example, mailto:a@[192.0.2.1], refused",
        // DNS that does not answer is no consent
        "blue.example, mailto:a@broken.example, unknown",
        "broken.example, mailto:a@red.example, unknown",
    })
    void reportsGoOnlyWhereTheyAreWanted(String domain, String named, String consent) {
        assertThat(words(ask(domain, named, ReportDestinations.Kind.AGGREGATE))).isEqualTo(consent);
    }

    @Test
    void failureReportsHaveAnInboxOfTheirOwn() {
        assertThat(words(ask("blue.example", "mailto:a@other.example", ReportDestinations.Kind.FAILURE)))
                .isEqualTo("given mailto:f@other.example!5k");
        assertThat(words(ask("blue.example", "mailto:a@several.example", ReportDestinations.Kind.FAILURE)))
                .isEqualTo("given mailto:a@several.example");
    }

    @Test
    void nameThatWouldBeTooLongIsRefused() {
        String domain = "a.".repeat(100) + "green.example";
        assertThat(ask(domain, "mailto:a@" + "b.".repeat(20) + "any.example", ReportDestinations.Kind.AGGREGATE))
                .isInstanceOfSatisfying(
                        ReportConsent.Refused.class,
                        refused -> assertThat(refused.why()).contains("too long"));
    }

    private static ReportConsent ask(String domain, String named, ReportDestinations.Kind kind) {
        ReportUri uri = named.contains("[")
                ? ReportUri.of(URI.create(named.replace("[", "%5B").replace("]", "%5D")))
                : DmarcRecord.parse("v=DMARC1; p=none; rua=" + named)
                        .orElseThrow()
                        .reporting()
                        .aggregate()
                        .getFirst();
        return new ReportDestinations(new Broken()).ask(DomainName.of(domain), uri, kind);
    }

    private static String words(ReportConsent consent) {
        return switch (consent) {
            case ReportConsent.Given given ->
                "given " + given.to().stream().map(ReportUri::toString).collect(Collectors.joining(" "));
            case ReportConsent.Refused _ -> "refused";
            case ReportConsent.Unknown _ -> "unknown";
        };
    }

    /// The zone, but for a domain whose name servers are down.
    private static final class Broken implements Resolver {
        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            return name.isWithin(DomainName.of("broken.example"))
                    ? new DnsAnswer.Failed<>("SERVFAIL")
                    : DNS.resolve(name, type);
        }
    }
}
