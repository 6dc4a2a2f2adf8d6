package dev.postern.zonerecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.UpdateAnswer;
import dev.postern.dns.ZoneResolver;
import dev.postern.dns.ZoneUpdate;
import dev.postern.dns.ZoneUpdater;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZoneComparisonTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z"));
    private static final String WORLD = """
            example.org.     NS ns1.example.org.
            example.org.     NS ns2.example.org.
            example.net.     NS ns1.example.org.
            ns1.example.org. A 192.0.2.1
            ns2.example.org. A 192.0.2.2
            $AUTHENTIC yes
            mail.example.org. A 192.0.2.25
            mail.example.org. AAAA 2001:db8::25
            mta-sts.example.org. CNAME mail.example.org.
            mta-sts.example.net. A 192.0.2.25
            25.2.0.192.in-addr.arpa. PTR mail.example.org.
            5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.example.org.
            example.org.  MX 10 mail.example.org.
            """;

    private final NameServers servers = new NameServers();
    private String right = "";

    @BeforeEach
    void serveWhatIsRight() throws IOException {
        right = Files.readString(Sites.file("full.zone"));
        serve(right);
    }

    private void serve(String records) {
        servers.serve("192.0.2.1", records);
        servers.serve("192.0.2.2", records);
    }

    private List<Finding> findings(Site site, String world) {
        ZoneResolver resolver = ZoneResolver.of(world);
        return new ZoneComparison(
                        resolver,
                        new Publication(resolver, servers, Set.of()),
                        new LocalAddresses(Set.of(InetAddress.ofLiteral("192.0.2.25"))),
                        CLOCK)
                .findings(site)
                .toList();
    }

    private Finding finding(String purpose, String name) throws IOException {
        return findings(Sites.full(), WORLD).stream()
                .filter(one -> one.subject().purpose().equals(purpose)
                        && one.subject().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(Finding finding) {
        return finding.change().map(RecordChange::lines).orElse(List.of());
    }

    @Test
    void everythingIsRightWhereEverythingIsPublished() throws IOException {
        assertThat(findings(Sites.full(), WORLD)).hasSizeGreaterThan(18).allSatisfy(finding -> {
            assertThat(finding.mark()).as(finding.toString()).isEqualTo(Mark.RIGHT);
            assertThat(finding.change()).isEmpty();
            assertThat(finding.words()).as(finding.toString()).isEmpty();
        });
    }

    @Test
    void everythingIsMissingWhereNothingIsAndCanBePublished() throws IOException {
        serve("example.org. A 192.0.2.3\nexample.net. A 192.0.2.3\n");
        List<Finding> records = findings(Sites.full(), WORLD).stream()
                .filter(finding -> !Set.of("address", "PTR", "MTA-STS host")
                        .contains(finding.subject().purpose()))
                .toList();
        assertThat(records).hasSize(17).allSatisfy(finding -> {
            assertThat(finding.mark()).as(finding.toString()).isEqualTo(Mark.MISSING);
            assertThat(lines(finding))
                    .isEqualTo(finding.texts().wanted().stream()
                            .map(line -> "+ " + line)
                            .toList());
        });
    }

    /// What stands in the place of ours, what that is worth, and whether we may change it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            MX          | example.org.           | MX 10 mail.example.org.              | MX 5 mx2.example.net.                           | DIFFERENT | -
            MX          | example.org.           | MX 10 mail.example.org.              | MX 0 .                                          | DIFFERENT | -
            MX          | example.org.           | MX 10 mail.example.org.              | MX 5 mail.example.org.                          | RIGHT     | -
            SPF         | example.org.           | TXT "v=spf1 mx -all"                 | TXT "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all" | RIGHT | -
            SPF         | example.org.           | TXT "v=spf1 mx -all"                 | TXT "v=spf1 ip4:198.51.100.1 -all"              | DIFFERENT | -
            SPF         | example.org.           | TXT "v=spf1 mx -all"                 | TXT "v=spf10 mx -all"                           | MISSING   | +
            SPF         | example.org.           | TXT "v=spf1 mx -all"                 | TXT "google-site-verification=x"                | MISSING   | +
            DMARC       | _dmarc.example.org.    | TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster+dmarc@example.org" | TXT "v=DMARC1; p=reject" | RIGHT | -
            DMARC       | _dmarc.example.org.    | TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster+dmarc@example.org" | TXT "v=DMARC1; p=whatever" | DIFFERENT | -
            DMARC       | _dmarc.example.org.    | TXT "v=DMARC1; p=quarantine; rua=mailto:postmaster+dmarc@example.org" | TXT "p=reject" | MISSING | +
            DKIM        | e1._domainkey.example.org. | TXT "v=DKIM1; k=ed25519; p=/NcoW1AgrtpXx8CUhVJMnhPp/LhA9AIS3p8ygZL2gQc=" | TXT "p=/NcoW1AgrtpXx8CUhVJMnhPp/LhA9AIS3p8ygZL2gQc=; k=ed25519; n=mine" | RIGHT | -
            DKIM        | e1._domainkey.example.org. | TXT "v=DKIM1; k=ed25519; p=/NcoW1AgrtpXx8CUhVJMnhPp/LhA9AIS3p8ygZL2gQc=" | TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=" | DIFFERENT | -+
            MTA-STS     | _mta-sts.example.org.  | TXT "v=STSv1; id=e99cd2ea3f80b4ca904c;" | TXT "v=STSv1; id=20260101;"                  | DIFFERENT | -+
            MTA-STS     | _mta-sts.example.org.  | TXT "v=STSv1; id=e99cd2ea3f80b4ca904c;" | TXT "something else"                         | MISSING   | +
            TLS reports | _smtp._tls.example.org. | TXT "v=TLSRPTv1; rua=mailto:postmaster+dmarc@example.org" | TXT "v=TLSRPTv1; rua=https://r.example/x" | RIGHT | -
            TLS reports | _smtp._tls.example.org. | TXT "v=TLSRPTv1; rua=mailto:postmaster+dmarc@example.org" | TXT "v=TLSRPTv1;"        | DIFFERENT | -
            TLSA        | _25._tcp.mail.example.org. | TLSA 3 1 1 6e91558b5319c7349ab9fa68ddf74d65ae41b207d33caa5b47ae45209bb2dc6c | TLSA 3 1 1 0000000000000000000000000000000000000000000000000000000000000000 | DIFFERENT | +
            """)
    void whatStandsInItsPlace(String purpose, String owner, String ours, String other, Mark mark, String change)
            throws IOException {
        String line = right.lines()
                .filter(one ->
                        one.startsWith(owner + " ") && one.replaceAll(" +", " ").endsWith(ours))
                .findFirst()
                .orElseThrow();
        serve(right.replace(line, owner + " " + other));
        Finding finding = finding(purpose, owner.substring(0, owner.length() - 1));
        assertThat(finding.mark()).as(finding.toString()).isEqualTo(mark);
        assertThat(lines(finding).stream().map(text -> text.substring(0, 1)).toList())
                .as(finding.toString())
                .isEqualTo(change.equals("-") ? List.of() : List.of(change.split("")));
        if (finding.mark() != Mark.MISSING) {
            assertThat(finding.texts().published()).isNotEmpty();
        }
    }

    @Test
    void severalWhereOneCountsAreNotTouched() throws IOException {
        serve(right + """
                example.org. TXT "v=spf1 a -all"
                _dmarc.example.org. TXT "v=DMARC1; p=none"
                e1._domainkey.example.org. TXT "v=DKIM1; p="
                _mta-sts.example.org. TXT "v=STSv1; id=1;"
                _smtp._tls.example.org. TXT "v=TLSRPTv1; rua=mailto:a@example.net"
                """);
        List<Finding> several = findings(Sites.full(), WORLD).stream()
                .filter(finding -> finding.mark() == Mark.SEVERAL)
                .toList();
        assertThat(several)
                .extracting(finding -> finding.subject().purpose())
                .containsExactly("SPF", "DKIM", "DMARC", "MTA-STS", "TLS reports");
        assertThat(several).allSatisfy(finding -> assertThat(finding.change()).isEmpty());
    }

    /// RFC 8461 §4.1: enforcing senders do not use an exchanger that the policy does not name.
    @Test
    void exchangerThatThePolicyDoesNotNameIsTold() throws IOException {
        serve(right + "example.org. MX 20 mx3.example.net.\n");
        Finding finding = finding("MX", "example.org");
        assertThat(finding.mark()).isEqualTo(Mark.DIFFERENT);
        assertThat(finding.words()).first().asString().contains("does not name [mx3.example.net]");
        serve(right + "example.org. MX 20 mx2.example.net.\n");
        assertThat(finding("MX", "example.org").mark()).isEqualTo(Mark.RIGHT);
    }

    @Test
    void serversThatDifferAreNamedAndNothingIsChangedMeanwhile() throws IOException {
        servers.serve("192.0.2.2", right.replaceAll("p=quarantine; rua=[^\"]*", "p=never"));
        Finding finding = finding("DMARC", "_dmarc.example.org");
        assertThat(finding.mark()).isEqualTo(Mark.DIFFERENT);
        assertThat(finding.words()).anyMatch(words -> words.startsWith("ns2.example.org (192.0.2.2): "));
        servers.serve("192.0.2.2", right.replace("_dmarc", "elsewhere"));
        finding = finding("DMARC", "_dmarc.example.org");
        assertThat(finding.mark()).isEqualTo(Mark.MISSING);
        assertThat(finding.change()).isEmpty();
    }

    @Test
    void silentServersMakeItUntold() throws IOException {
        servers.silence("192.0.2.2");
        Finding finding = finding("DMARC", "_dmarc.example.org");
        assertThat(finding.mark()).isEqualTo(Mark.UNTOLD);
        assertThat(finding.words()).containsExactly("ns2.example.org (192.0.2.2): it does not answer");
        servers.serve("192.0.2.1", "example.org. A 192.0.2.3\n");
        finding = finding("DMARC", "_dmarc.example.org");
        assertThat(finding.mark()).isEqualTo(Mark.MISSING);
        assertThat(finding.change()).isEmpty();
    }

    @Test
    void tlsaRecordsAreInVainWithoutDnssec() throws IOException {
        serve(right.replaceAll("(?m)^_25.*$", ""));
        String insecure = WORLD.replace("$AUTHENTIC yes", "$AUTHENTIC no");
        assertThat(findings(Sites.full(), insecure))
                .filteredOn(finding -> finding.subject().purpose().equals("TLSA"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.mark()).isEqualTo(Mark.INSECURE);
                    assertThat(finding.change()).isEmpty();
                });
        assertThat(finding("TLSA", "_25._tcp.mail.example.org").mark()).isEqualTo(Mark.MISSING);
    }

    @Test
    void namesHaveToLeadHere() throws IOException {
        String lost = WORLD.replace("mta-sts.example.org. CNAME mail.example.org.", "")
                .replace("mta-sts.example.net. A 192.0.2.25", "mta-sts.example.net. A 192.0.2.99")
                .replace("mail.example.org. A 192.0.2.25", "mail.example.org. A 192.0.2.26");
        List<Finding> findings = findings(Sites.full(), lost);
        assertThat(findings.subList(0, 5))
                .extracting(
                        finding -> finding.subject().name(),
                        Finding::mark,
                        finding -> finding.words().size())
                .containsExactly(
                        tuple("mail.example.org", Mark.RIGHT, 1),
                        tuple("26.2.0.192.in-addr.arpa", Mark.MISSING, 1),
                        tuple(
                                "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
                                Mark.RIGHT,
                                0),
                        tuple("mta-sts.example.org", Mark.MISSING, 0),
                        tuple("mta-sts.example.net", Mark.DIFFERENT, 1));
        assertThat(lines(findings.get(3))).containsExactly("+ mta-sts.example.org.  CNAME mail.example.org.");
        String nowhere = WORLD.replaceAll("(?m)^mail.example.org.*$", "");
        assertThat(findings(Sites.small(), nowhere).getFirst().mark()).isEqualTo(Mark.MISSING);
        assertThat(findings(Sites.small(), WORLD + "mail.example.org. SERVFAIL AAAA\n")
                        .getFirst()
                        .mark())
                .isEqualTo(Mark.RIGHT);
    }

    @Test
    void changeIsMadeOnlyWhereNobodyHasChangedTheRecordsMeanwhile() throws IOException {
        serve(right.replace("id=e99cd2ea3f80b4ca904c;", "id=old;")
                + "_mta-sts.example.org. TXT \"of somebody else\"\n");
        RecordChange<?> change =
                finding("MTA-STS", "_mta-sts.example.org").change().orElseThrow();
        List<ZoneUpdate> sent = new ArrayList<>();
        ZoneWriter writer = new ZoneWriter(new ZoneUpdater() {
            @Override
            public Optional<DomainName> zone(DomainName name) {
                return Optional.of(Sites.ORG).filter(name::isWithin);
            }

            @Override
            public UpdateAnswer send(ZoneUpdate update) {
                sent.add(update);
                return new UpdateAnswer.Done();
            }
        });
        assertThat(writer.write(change)).contains(new UpdateAnswer.Done());
        assertThat(sent).singleElement().satisfies(update -> {
            assertThat(update.conditions())
                    .containsExactly(new ZoneUpdate.Condition.Holds<>(
                            change.name(), RecordType.TXT, List.of("v=STSv1; id=old;", "of somebody else")));
            assertThat(update.changes())
                    .containsExactly(
                            new ZoneUpdate.Change.Remove<>(change.name(), RecordType.TXT, "v=STSv1; id=old;"),
                            new ZoneUpdate.Change.Add<>(
                                    change.name(),
                                    RecordType.TXT,
                                    Duration.ofMinutes(5),
                                    "v=STSv1; id=e99cd2ea3f80b4ca904c;"));
        });
        assertThat(writer.mayChange(Sites.NET)).isFalse();
    }
}
