package dev.postern.tlspolicy.dane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.TlsaRecord;
import dev.postern.dns.ZoneResolver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsaLookupTest {

    private static final DomainName HOST = DomainName.of("mx.example.org");
    private static final String DIGEST = "ab".repeat(32);
    private static final TlsaRecord RECORD = new TlsaRecord(3, 1, 1, DIGEST);
    private static final String TLSA = " TLSA 3 1 1 " + DIGEST + "\n";

    /// Answers from a zone, and remembers what it was asked.
    private static final class Asked implements Resolver {
        private final ZoneResolver zone;
        private final List<String> questions = new ArrayList<>();

        Asked(String secure, String insecure) {
            zone = ZoneResolver.of("$TTL 5m\n$AUTHENTIC yes\n" + secure + "$AUTHENTIC no\n" + insecure);
        }

        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            questions.add(name + " " + type);
            return zone.resolve(name, type);
        }
    }

    private static DaneFinding find(String secure, String insecure) {
        return new TlsaLookup(new Asked(secure, insecure)).of(HOST, 25);
    }

    private static void assertPublished(DaneFinding finding, String base) {
        assertThat(finding).isInstanceOfSatisfying(DaneFinding.Published.class, published -> {
            assertThat(published.records()).containsExactly(RECORD);
            assertThat(published.base()).isEqualTo(DomainName.of(base));
        });
    }

    private static void assertNone(DaneFinding finding, String why) {
        assertThat(finding)
                .isInstanceOfSatisfying(
                        DaneFinding.NotPublished.class,
                        none -> assertThat(none.why()).contains(why));
    }

    private static void assertUnknown(DaneFinding finding, String why) {
        assertThat(finding)
                .isInstanceOfSatisfying(
                        DaneFinding.Unknown.class,
                        unknown -> assertThat(unknown.why()).contains(why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"A 192.0.2.1", "AAAA 2001:db8::1"})
    void recordsOfAnAuthenticHostAreFound(String address) {
        assertPublished(find("mx.example.org " + address + "\n_25._tcp.mx.example.org" + TLSA, ""), "mx.example.org");
    }

    @Test
    void portIsPartOfTheName() {
        Asked asked = new Asked("mx.example.org A 192.0.2.1\n_2525._tcp.mx.example.org" + TLSA, "");

        assertPublished(new TlsaLookup(asked).of(HOST, 2525), "mx.example.org");
        assertNone(new TlsaLookup(asked).of(HOST, 25), "_25._tcp.mx.example.org has no TLSA records");
        assertThatThrownBy(() -> new TlsaLookup(asked).of(HOST, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    /// RFC 7672 §2.1.2: whose zone is not signed may have name servers that fail at questions for TLSA.
    @Test
    void hostThatIsNotAuthenticIsNotAskedForTlsa() {
        Asked asked = new Asked("", "mx.example.org A 192.0.2.1\n_25._tcp.mx.example.org SERVFAIL\n");

        assertNone(new TlsaLookup(asked).of(HOST, 25), "DNSSEC does not vouch for the addresses of mx.example.org");
        assertThat(asked.questions).containsExactly("mx.example.org A", "mx.example.org AAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVFAIL", "TIMEOUT"})
    void failureForTlsaOfAnAuthenticHostIsNeverNoDane(String trouble) {
        assertUnknown(
                find("mx.example.org A 192.0.2.1\n_25._tcp.mx.example.org " + trouble + "\n", ""),
                "the TLSA records of _25._tcp.mx.example.org are not known");
    }

    @Test
    void recordsThatAreNotAuthenticAreNone() {
        assertNone(
                find("mx.example.org A 192.0.2.1\n", "_25._tcp.mx.example.org" + TLSA),
                "does not vouch for the TLSA records");
    }

    @Test
    void hostWithoutRecordsHasNone() {
        String host = "mx.example.org A 192.0.2.1\n";
        String other = "_25._tcp.mx.example.org TXT x\n";

        for (DaneFinding finding : List.of(find(host, ""), find(host + other, ""), find(host, other))) {
            assertNone(finding, "_25._tcp.mx.example.org has no TLSA records");
        }
    }

    @Test
    void hostWithoutAnAddressHasNone() {
        assertNone(find("example.org MX 10 mx.example.org\n", ""), "has no address");
        assertNone(find("mx.example.org TXT x\n", ""), "has no address");
    }

    @ParameterizedTest
    @CsvSource({
        "SERVFAIL A,    AAAA 2001:db8::1, true",
        "SERVFAIL AAAA, A 192.0.2.1,      true",
        "SERVFAIL A,    SERVFAIL AAAA,    false",
        "SERVFAIL A,    TXT x,            false",
        "TIMEOUT,       TXT x,            false"
    })
    void oneKindOfAddressSufficesAndNoneIsNotKnown(String one, String other, boolean found) {
        String zone = "mx.example.org " + one + "\nmx.example.org " + other + "\n_25._tcp.mx.example.org" + TLSA;

        if (found) {
            assertPublished(find(zone, ""), "mx.example.org");
            assertNone(find("", zone.replace("mx.example.org TXT x\n", "")), "does not vouch for the addresses");
        } else {
            assertUnknown(find(zone, ""), "the addresses of mx.example.org are not known");
        }
    }

    // aliases, RFC 7672 §2.2.2

    private static final String ALIAS = "mx.example.org CNAME end.example.net\n";
    private static final String END = "end.example.net A 192.0.2.1\n";
    private static final String TLSA_OF_END = "_25._tcp.end.example.net" + TLSA;
    private static final String TLSA_OF_ALIAS = "_25._tcp.mx.example.org" + TLSA;

    @Test
    void endOfAnAuthenticAliasComesFirst() {
        assertPublished(find(ALIAS + END + TLSA_OF_END, ""), "end.example.net");
        assertPublished(
                find(ALIAS + END + TLSA_OF_END + "_25._tcp.mx.example.org TLSA 3 1 1 " + "cd".repeat(32) + "\n", ""),
                "end.example.net");
    }

    @Test
    void aliasItselfComesSecond() {
        assertPublished(find(ALIAS + END + TLSA_OF_ALIAS, ""), "mx.example.org");
        assertPublished(find(ALIAS + END + TLSA_OF_ALIAS, TLSA_OF_END), "mx.example.org");
        assertNone(
                find(ALIAS + END, ""),
                "_25._tcp.end.example.net has no TLSA records; _25._tcp.mx.example.org has no TLSA records");
    }

    @Test
    void failureAtTheEndOfAnAliasIsNotPassedOver() {
        assertUnknown(
                find(ALIAS + END + "_25._tcp.end.example.net SERVFAIL\n" + TLSA_OF_ALIAS, ""),
                "_25._tcp.end.example.net");
        assertUnknown(find(ALIAS + END + "_25._tcp.mx.example.org SERVFAIL\n", ""), "_25._tcp.mx.example.org");
    }

    @Test
    void unusableRecordsAtTheEndOfAnAliasAreNotPassedOver() {
        assertThat(find(ALIAS + END + "_25._tcp.end.example.net TLSA 1 1 1 " + DIGEST + "\n" + TLSA_OF_ALIAS, ""))
                .isInstanceOf(DaneFinding.Unusable.class);
    }

    @Test
    void authenticAliasOfAHostThatIsNotHasItsOwnRecordsOnly() {
        Asked asked = new Asked(ALIAS + TLSA_OF_ALIAS, END + "_25._tcp.end.example.net SERVFAIL\n");

        assertPublished(new TlsaLookup(asked).of(HOST, 25), "mx.example.org");
        assertThat(asked.questions).doesNotContain("_25._tcp.end.example.net TLSA");
        assertNone(find(ALIAS, END + TLSA_OF_END), "_25._tcp.mx.example.org has no TLSA records");
    }

    @Test
    void aliasThatIsNotAuthenticHasNoneWhateverIsBehindIt() {
        Asked asked = new Asked(END + TLSA_OF_END + TLSA_OF_ALIAS, ALIAS);

        assertNone(new TlsaLookup(asked).of(HOST, 25), "does not vouch for the addresses of mx.example.org");
        assertThat(asked.questions).noneMatch(question -> question.endsWith("TLSA"));
    }

    @Test
    void firstStepOfSeveralDecidesWhereTheEndIsNotAuthentic() {
        String second = "middle.example.com CNAME end.example.net\n";
        String first = "mx.example.org CNAME middle.example.com\n";

        assertPublished(find(first + TLSA_OF_ALIAS + END + TLSA_OF_END, second), "mx.example.org");
        assertPublished(find(first + second + TLSA_OF_ALIAS, END), "mx.example.org");
        assertNone(find(second + END + TLSA_OF_END + TLSA_OF_ALIAS, first), "does not vouch");
        assertPublished(find(first + second + END + TLSA_OF_END, ""), "end.example.net");
    }

    @Test
    void aliasThatCannotBeAskedForIsNotKnown() {
        assertUnknown(
                find("mx.example.org SERVFAIL CNAME\n" + ALIAS, END),
                "whether DNSSEC vouches for the alias mx.example.org is not known");
    }

    @Test
    void recordsMayThemselvesBeBehindAnAlias() {
        assertPublished(
                find(
                        "mx.example.org A 192.0.2.1\n_25._tcp.mx.example.org CNAME tlsa.example.net\ntlsa.example.net"
                                + TLSA,
                        ""),
                "mx.example.org");
        assertNone(
                find(
                        "mx.example.org A 192.0.2.1\n_25._tcp.mx.example.org CNAME tlsa.example.net\n",
                        "tlsa.example.net" + TLSA),
                "does not vouch for the TLSA records");
        assertUnknown(
                find(
                        "mx.example.org A 192.0.2.1\n_25._tcp.mx.example.org CNAME tlsa.example.net\ntlsa.example.net SERVFAIL\n",
                        ""),
                "are not known");
    }

    // records

    private static DaneFinding withRecords(String... records) {
        return find(
                "mx.example.org A 192.0.2.1\n"
                        + IntStream.range(0, records.length)
                                .mapToObj(i -> "_25._tcp.mx.example.org TLSA " + records[i] + "\n")
                                .collect(Collectors.joining()),
                "");
    }

    @Test
    void recordsThatCannotBeUsedAreLeftOut() {
        DaneFinding finding = withRecords("1 1 1 " + DIGEST, "3 1 1 " + DIGEST, "3 1 1 " + DIGEST, "3 1 9 00");

        assertPublished(finding, "mx.example.org");
        assertThat(finding.why())
                .isEqualTo("1 of 3 TLSA records of _25._tcp.mx.example.org can be used (1 1 1 abababababababab…: usage"
                        + " 1 is not for mail; 3 1 9 00: matching type 9 is unknown)");
    }

    @Test
    void recordsOfWhichNoneCanBeUsedAreNotNone() {
        DaneFinding finding = withRecords(
                "0 0 1 " + DIGEST, "1 0 1 " + DIGEST, "4 0 1 " + DIGEST, "3 2 1 " + DIGEST, "3 1 2 " + DIGEST);

        assertThat(finding).isInstanceOfSatisfying(DaneFinding.Unusable.class, unusable -> {
            assertThat(unusable.records()).hasSize(5);
            assertThat(unusable.why()).startsWith("0 of 5 TLSA records").endsWith("; and 2 more)");
        });
    }

    @Test
    void setThatIsTooLargeIsNotKnown() {
        String[] most = IntStream.range(0, TlsaLookup.MOST_RECORDS)
                .mapToObj(i -> "3 1 1 " + "%064x".formatted(i))
                .toArray(String[]::new);
        String[] more = IntStream.range(0, TlsaLookup.MOST_RECORDS + 1)
                .mapToObj(i -> "3 1 1 " + "%064x".formatted(i))
                .toArray(String[]::new);

        assertThat(withRecords(most)).isInstanceOf(DaneFinding.Published.class);
        assertUnknown(withRecords(more), "101 TLSA records");
        assertUnknown(withRecords("3 0 0 " + "00".repeat(TlsaLookup.MOST_OCTETS + 1)), "octets");
    }

    @Test
    void nameThatHasNoRoomForThePortHasNone() {
        String label = "a".repeat(61);
        DomainName host = DomainName.of(String.join(".", label, label, label, label));

        assertNone(
                new TlsaLookup(ZoneResolver.of("$TTL 5m\n$AUTHENTIC yes\n" + host + " A 192.0.2.1\n")).of(host, 25),
                "too long");
    }

    @Test
    void resolverThatKnowsNothingIsNotNoDane() {
        assertUnknown(new TlsaLookup(Resolver.none()).of(HOST, 25), "no resolver is configured");
    }
}
