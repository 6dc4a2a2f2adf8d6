package dev.postern.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every resolver does with the same zone.
public abstract class ResolverContract {
    private static final String ZONE = """
            $ORIGIN example.org.
            $TTL 120
            @          MX    20 mx2
            @          MX    10 mx1.example.org.
            @          TXT   "v=spf1 -all"
            @          TXT   "one" " and " "two"
            mx1        A     192.0.2.1
                       A     192.0.2.2
                       AAAA  2001:db8::1
            mx2        AAAA  ::ffff:192.0.2.9
            alias      CNAME mx1
            far        CNAME alias
            dangling   CNAME nobody
            blunt      CNAME mx2
            round      CNAME about
            about      CNAME round
            self       CNAME self
            deep.er    A     192.0.2.3
            null       MX    0 .
            1.2.0.192  PTR   mx1
            _25._tcp.mx1 TLSA 3 1 1 00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
            sub        NS    ns.elsewhere.example.
            broken     SERVFAIL MX
            broken     A     192.0.2.4
            toBroken   CNAME broken
            $AUTHENTIC yes
            signed     A     192.0.2.5
            half       CNAME mx1
            whole      CNAME signed
            sure       TXT   "x"
            """;

    /// A resolver of the kind under test that answers from this master file, and from nothing else.
    protected abstract Resolver resolver(String masterFile);

    private <R> DnsAnswer<R> ask(String name, RecordType<R> type) {
        return resolver(ZONE).resolve(DomainName.of(name), type);
    }

    private static <R> DnsAnswer.Found<R> found(DnsAnswer<R> answer) {
        assertThat(answer).isInstanceOf(DnsAnswer.Found.class);
        return (DnsAnswer.Found<R>) answer;
    }

    @Test
    void everyTypeIsReadAsItIs() {
        assertThat(ask("example.org", RecordType.MX).recordsOrNone())
                .containsExactlyInAnyOrder(MxRecord.of(20, "mx2.example.org"), MxRecord.of(10, "mx1.example.org"));
        assertThat(ask("example.org", RecordType.TXT).recordsOrNone())
                .containsExactlyInAnyOrder("v=spf1 -all", "one and two");
        assertThat(ask("mx1.example.org", RecordType.A).recordsOrNone())
                .containsExactlyInAnyOrder(
                        IpText.ip4("192.0.2.1").orElseThrow(),
                        IpText.ip4("192.0.2.2").orElseThrow());
        assertThat(ask("mx1.example.org", RecordType.AAAA).recordsOrNone())
                .containsExactly(IpText.ip6("2001:db8::1").orElseThrow());
        assertThat(ask("1.2.0.192.example.org", RecordType.PTR).recordsOrNone())
                .containsExactly(DomainName.of("mx1.example.org"));
        assertThat(ask("sub.example.org", RecordType.NS).recordsOrNone())
                .containsExactly(DomainName.of("ns.elsewhere.example"));
        assertThat(ask("_25._tcp.mx1.example.org", RecordType.TLSA).recordsOrNone())
                .containsExactly(new TlsaRecord(3, 1, 1, "00ff".repeat(16)));
        assertThat(ask("null.example.org", RecordType.MX).recordsOrNone())
                .containsExactly(new MxRecord(0, Optional.empty()));
    }

    @Test
    void mappedAddressOfIp4StaysAnAddressOfIp6() {
        assertThat(ask("mx2.example.org", RecordType.AAAA).recordsOrNone())
                .singleElement()
                .satisfies(address -> assertThat(address.getAddress()).hasSize(16));
    }

    @Test
    void foundTellsNameAndTimeToLive() {
        DnsAnswer.Found<?> answer = found(ask("mx1.example.org", RecordType.A));
        assertThat(answer.canonical()).isEqualTo(DomainName.of("mx1.example.org"));
        assertThat(answer.ttl()).isEqualTo(Duration.ofMinutes(2));
        assertThat(answer.authentic()).isFalse();
    }

    @Test
    void aliasesAreFollowedToTheirEnd() {
        for (String name : List.of("alias.example.org", "far.example.org")) {
            DnsAnswer.Found<?> answer = found(ask(name, RecordType.A));
            assertThat(answer.canonical()).isEqualTo(DomainName.of("mx1.example.org"));
            assertThat(answer.records()).hasSize(2);
        }
    }

    @Test
    void aliasItselfCanBeAskedFor() {
        assertThat(ask("far.example.org", RecordType.CNAME).recordsOrNone())
                .containsExactly(DomainName.of("alias.example.org"));
    }

    @Test
    void aliasToNothingIsNoDomainAndAliasWithoutTheTypeIsNoData() {
        assertThat(ask("dangling.example.org", RecordType.A)).isInstanceOf(DnsAnswer.NoDomain.class);
        assertThat(ask("blunt.example.org", RecordType.A)).isInstanceOf(DnsAnswer.NoData.class);
    }

    @Test
    void aliasesInACircleFail() {
        for (String name : List.of("round.example.org", "self.example.org")) {
            assertThat(ask(name, RecordType.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Failed.class,
                            failed -> assertThat(failed.why()).contains("circle"));
        }
    }

    @Test
    void tooManyAliasesFail() {
        StringBuilder zone = new StringBuilder();
        IntStream.range(0, 40).forEach(i -> zone.append("a%d.example. CNAME a%d.example.\n".formatted(i, i + 1)));
        zone.append("a40.example. A 192.0.2.1\n");
        Resolver resolver = resolver(zone.toString());
        assertThat(resolver.resolve(DomainName.of("a0.example"), RecordType.A)).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(resolver.resolve(DomainName.of("a30.example"), RecordType.A)).isInstanceOf(DnsAnswer.Found.class);
    }

    @Test
    void nameWithoutTheTypeIsNoDataAndUnusedNameIsNoDomain() {
        assertThat(ask("mx1.example.org", RecordType.MX)).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(ask("er.example.org", RecordType.A)).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(ask("org", RecordType.A)).isInstanceOf(DnsAnswer.NoData.class);
        assertThat(ask("nobody.example.org", RecordType.A)).isInstanceOf(DnsAnswer.NoDomain.class);
        assertThat(ask("other.example", RecordType.MX)).isInstanceOf(DnsAnswer.NoDomain.class);
    }

    @Test
    void failureIsOfItsTypeOnlyAndIsSeenThroughAliases() {
        assertThat(ask("broken.example.org", RecordType.MX)).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(ask("tobroken.example.org", RecordType.MX)).isInstanceOf(DnsAnswer.Failed.class);
        assertThat(ask("tobroken.example.org", RecordType.A)).isInstanceOf(DnsAnswer.Found.class);
    }

    @Test
    void answerIsAuthenticOnlyWhereEveryLinkIs() {
        assertThat(found(ask("signed.example.org", RecordType.A)).authentic()).isTrue();
        assertThat(found(ask("whole.example.org", RecordType.A)).authentic()).isTrue();
        assertThat(found(ask("half.example.org", RecordType.A)).authentic()).isFalse();
        assertThat(ask("sure.example.org", RecordType.A))
                .isInstanceOfSatisfying(
                        DnsAnswer.NoData.class,
                        none -> assertThat(none.authentic()).isTrue());
        assertThat(ask("under.sure.example.org", RecordType.A))
                .isInstanceOfSatisfying(
                        DnsAnswer.NoDomain.class,
                        none -> assertThat(none.authentic()).isTrue());
        assertThat(ask("nobody.example.org", RecordType.A))
                .isInstanceOfSatisfying(
                        DnsAnswer.NoDomain.class,
                        none -> assertThat(none.authentic()).isFalse());
    }

    @Test
    void longTextsAndManyRecordsArrive() {
        StringBuilder zone = new StringBuilder("big.example. TXT");
        IntStream.range(0, 20)
                .forEach(i -> zone.append(" \"").append("x".repeat(200)).append('"'));
        zone.append('\n');
        IntStream.range(0, 200)
                .forEach(i ->
                        zone.append("many.example. A 198.51.100.").append(i).append('\n'));
        Resolver resolver = resolver(zone.toString());
        assertThat(resolver.resolve(DomainName.of("big.example"), RecordType.TXT)
                        .recordsOrNone())
                .containsExactly("x".repeat(4000));
        assertThat(resolver.resolve(DomainName.of("many.example"), RecordType.A).recordsOrNone())
                .hasSize(200);
    }

    @Test
    void octetsOfTextsAreKept() {
        assertThat(resolver("t.example. TXT \"\\001\\255\\\"é\"")
                        .resolve(DomainName.of("t.example"), RecordType.TXT)
                        .recordsOrNone())
                .containsExactly("\u0001\u00ff\"\u00c3\u00a9");
    }
}
