package dev.postern.mailauth.iprev;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IprevVerifierTest {
    private static final String ZONE = """
            $TTL 5m
            1.2.0.192.in-addr.arpa.  PTR mx.example.org.
            mx.example.org.          A 192.0.2.9
                                     A 192.0.2.1
                                     AAAA 2001:db8::1
            1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mx.example.org.
            2.2.0.192.in-addr.arpa.  PTR bank.example.
            bank.example.            A 198.51.100.1
            3.2.0.192.in-addr.arpa.  PTR nowhere.example.
                                     PTR six.example.
                                     PTR three.example.
            three.example.           A 192.0.2.3
            six.example.             AAAA 2001:db8::3
            4.2.0.192.in-addr.arpa.  PTR nowhere.example.
                                     PTR six.example.
            5.2.0.192.in-addr.arpa.  SERVFAIL
            6.2.0.192.in-addr.arpa.  PTR slow.example.
                                     PTR bank.example.
            slow.example.            TIMEOUT
            7.2.0.192.in-addr.arpa.  PTR slow.example.
                                     PTR seven.example.
            seven.example.           A 192.0.2.7
            8.2.0.192.in-addr.arpa.  TXT "no name"
            9.2.0.192.in-addr.arpa.  CNAME 9.0-15.2.0.192.in-addr.arpa.
            9.0-15.2.0.192.in-addr.arpa. PTR mx.example.org.
            """;

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, pass, mx.example.org",
        "2001:db8::1, pass, mx.example.org",
        "192.0.2.9, pass, mx.example.org",
        "192.0.2.2, fail,",
        "192.0.2.3, pass, three.example",
        "192.0.2.4, fail,",
        "192.0.2.5, temperror,",
        "192.0.2.6, temperror,",
        "192.0.2.7, pass, seven.example",
        "192.0.2.8, permerror,",
        "192.0.2.10, permerror,",
        "2001:db8::2, permerror,",
    })
    void namesLeadBackOrNot(String address, String outcome, String name) {
        IprevResult result = check(ZoneResolver.of(ZONE), address);
        assertThat(result.outcome()).hasToString(outcome);
        assertThat(result.confirmed().map(DomainName::text)).isEqualTo(java.util.Optional.ofNullable(name));
        assertThat(result.why()).isNotBlank();
        assertThat(result.evidence()).isNotEmpty();
    }

    @Test
    void withoutDnsNothingIsKnown() {
        assertThat(check(Resolver.none(), "192.0.2.1").outcome()).isEqualTo(IprevOutcome.TEMPERROR);
    }

    @Test
    void addressesHaveReverseNames() {
        assertThat(IprevVerifier.reverseName(IpText.ip("192.0.2.255").orElseThrow()))
                .hasToString("255.2.0.192.in-addr.arpa");
        assertThat(IprevVerifier.reverseName(IpText.ip("2001:db8::abcd").orElseThrow()))
                .hasToString("d.c.b.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    }

    @Test
    void thousandsOfNamesAreNotLookedAt() {
        List<DomainName> names = IntStream.range(0, 5000)
                .mapToObj(i -> DomainName.of("n" + i / 2 + ".example"))
                .toList();
        AtomicInteger questions = new AtomicInteger();
        Resolver hostile = new Resolver() {
            @Override
            @SuppressWarnings("unchecked") // names are asked for as PTR only
            public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                questions.incrementAndGet();
                return type.equals(RecordType.PTR)
                        ? new DnsAnswer.Found<>((List<R>) names, name, Duration.ofMinutes(1), false)
                        : new DnsAnswer.NoDomain<>(Duration.ofMinutes(1), false);
            }
        };
        IprevResult result = check(hostile, "192.0.2.1");
        assertThat(result.outcome()).isEqualTo(IprevOutcome.FAIL);
        assertThat(result.names()).hasSize(IprevVerifier.MOST_NAMES).doesNotHaveDuplicates();
        assertThat(questions).hasValue(IprevVerifier.MOST_NAMES + 1);
    }

    private static IprevResult check(Resolver resolver, String address) {
        return new IprevVerifier(resolver).check(IpText.ip(address).orElseThrow());
    }
}
