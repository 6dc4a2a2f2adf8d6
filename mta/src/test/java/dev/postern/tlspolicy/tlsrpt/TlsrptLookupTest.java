package dev.postern.tlspolicy.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DomainName;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsrptLookupTest {
    private final TlsrptLookup lookup = new TlsrptLookup(ZoneResolver.of("""
            _smtp._tls.one.example. TXT "v=TLSRPTv1; rua=mailto:a@one.example"
            _smtp._tls.beside.example. TXT "v=spf1 -all"
            _smtp._tls.beside.example. TXT "v=TLSRPTv1; rua=mailto:a@beside.example"
            _smtp._tls.parts.example. TXT "v=TLSRPTv1; rua=mail" "to:a@parts.example"
            _smtp._tls.two.example. TXT "v=TLSRPTv1; rua=mailto:a@two.example"
            _smtp._tls.two.example. TXT "v=TLSRPTv1; rua=mailto:b@two.example"
            _smtp._tls.other.example. TXT "v=spf1 -all"
            _smtp._tls.broken.example. TXT "v=TLSRPTv1; rua"
            _smtp._tls.nowhere.example. TXT "v=TLSRPTv1; rua=gopher://nowhere.example/"
            _smtp._tls.data.example. A 192.0.2.1
            """));

    private TlsrptFinding find(String domain) {
        return lookup.find(DomainName.of(domain));
    }

    @ParameterizedTest
    @ValueSource(strings = {"one.example", "beside.example", "parts.example"})
    void oneRecordThatNamesAPlaceIsFound(String domain) {
        assertThat(find(domain))
                .isInstanceOfSatisfying(
                        TlsrptFinding.Wanted.class,
                        wanted -> assertThat(wanted.record().places()).hasToString("[mailto:a@" + domain + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody.example", "other.example", "data.example"})
    void mostDomainsSayNothing(String domain) {
        assertThat(find(domain)).isEqualTo(new TlsrptFinding.NotPublished());
    }

    @Test
    void nameThatIsTooLongHasNoRecord() {
        String longest = ("a".repeat(60) + ".").repeat(4) + "example";
        assertThat(find(longest)).isEqualTo(new TlsrptFinding.NotPublished());
    }

    @Test
    void whatLeadsNowhereIsTold() {
        assertThat(find("two.example"))
                .isEqualTo(new TlsrptFinding.Useless("2 records stand at _smtp._tls.two.example"));
        assertThat(find("broken.example"))
                .isEqualTo(new TlsrptFinding.Useless("the record at _smtp._tls.broken.example is malformed"));
        assertThat(find("nowhere.example"))
                .isInstanceOfSatisfying(
                        TlsrptFinding.Useless.class,
                        useless -> assertThat(useless.why()).endsWith("names no place that a report can go to"));
    }

    @Test
    void silenceOfDnsIsNoAnswer() {
        assertThat(new TlsrptLookup(Resolver.none()).find(DomainName.of("one.example")))
                .isEqualTo(new TlsrptFinding.Unknown("_smtp._tls.one.example TXT: no resolver is configured"));
    }
}
