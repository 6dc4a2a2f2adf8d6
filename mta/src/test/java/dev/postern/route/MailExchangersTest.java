package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.smtp.Host;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MailExchangersTest {
    private static final String ZONE = """
            $ORIGIN example.
            ; addresses
            a        A    192.0.2.1
            b        A    192.0.2.2
            c        A    192.0.2.3
            ours     A    192.0.2.99
            twin     A    192.0.2.98
            dual     A    192.0.2.4
            dual     A    192.0.2.5
            dual     AAAA 2001:db8::4
            dual     AAAA 2001:db8::5
            six      AAAA 2001:db8::6
            alias    CNAME a
            inside   A    10.0.0.1
            loop     A    127.0.0.1
            loop     AAAA ::1
            mapped   AAAA ::ffff:127.0.0.1
            half     AAAA 2001:db8::7
            half     SERVFAIL A
            dead     SERVFAIL
            lazy     TIMEOUT
            ; domains
            order    MX 20 b
            order    MX 10 a
            order    MX 30 c
            implicit A  192.0.2.10
            implicit AAAA 2001:db8::10
            null     MX 0 .
            odd-null MX 0 .
            odd-null MX 10 a
            empty    TXT "nothing here"
            hollow   MX 10 nobody
            hollow   MX 20 empty
            via      MX 10 alias
            web      CNAME order
            dark     MX 10 dead
            dark     MX 20 lazy
            gloomy   MX 10 dead
            gloomy   MX 20 b
            partly   MX 10 half
            unknown  SERVFAIL MX
            backup   MX 10 a
            backup   MX 20 ours
            backup   MX 20 b
            backup   MX 30 c
            best     MX 10 ours
            best     MX 20 b
            renamed  MX 10 a
            renamed  MX 20 twin
            renamed  MX 30 b
            self     MX 10 twin
            narrow   MX 10 loop
            narrow   MX 20 inside
            narrow   MX 30 mapped
            mixed    MX 10 loop
            mixed    MX 20 a
            murky    MX 10 loop
            murky    MX 20 dead
            twice    MX 10 a
            twice    MX 20 a
            dualdom  MX 10 dual
            dualdom  MX 10 six
            $AUTHENTIC yes
            sure     MX 10 surehost
            sure     MX 20 a
            surehost A  192.0.2.20
            """;

    private static final ExchangerSettings SETTINGS = ExchangerSettings.usual(
            Set.of(DomainName.of("ours.example")), Set.of(endpoint("192.0.2.98", 25), endpoint("127.0.0.1", 2525)));

    private static Endpoint.Inet endpoint(String address, int port) {
        return new Endpoint.Inet(IpText.ip(address).orElseThrow(), port);
    }

    private static Exchangers look(ExchangerSettings settings, String domain) {
        return new MailExchangers(ZoneResolver.of(ZONE), settings, new Random(5321)).of(mx(domain, 25));
    }

    private static Route.Mx mx(String domain, int port) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), port, false, Optional.empty());
    }

    private static List<String> hosts(Exchangers exchangers) {
        assertThat(exchangers).isInstanceOf(Exchangers.Hosts.class);
        return ((Exchangers.Hosts) exchangers)
                .candidates().stream()
                        .map(c -> c.preference() + " " + c.host() + " "
                                + c.address().getHostAddress())
                        .toList();
    }

    static Stream<Arguments> reachable() {
        return Stream.of(
                Arguments.of(
                        "order.example",
                        List.of("10 a.example 192.0.2.1", "20 b.example 192.0.2.2", "30 c.example 192.0.2.3")),
                Arguments.of(
                        "implicit.example",
                        List.of("0 implicit.example 2001:db8:0:0:0:0:0:10", "0 implicit.example 192.0.2.10")),
                Arguments.of("odd-null.example", List.of("10 a.example 192.0.2.1")),
                Arguments.of("via.example", List.of("10 alias.example 192.0.2.1")),
                Arguments.of("gloomy.example", List.of("20 b.example 192.0.2.2")),
                Arguments.of("partly.example", List.of("10 half.example 2001:db8:0:0:0:0:0:7")),
                Arguments.of("backup.example", List.of("10 a.example 192.0.2.1")),
                Arguments.of("renamed.example", List.of("10 a.example 192.0.2.1")),
                Arguments.of("mixed.example", List.of("20 a.example 192.0.2.1")),
                Arguments.of("twice.example", List.of("10 a.example 192.0.2.1")),
                Arguments.of(
                        "web.example",
                        List.of("10 a.example 192.0.2.1", "20 b.example 192.0.2.2", "30 c.example 192.0.2.3")));
    }

    @ParameterizedTest
    @MethodSource("reachable")
    void hostsComeInTheOrderToTry(String domain, List<String> expected) {
        assertThat(hosts(look(SETTINGS, domain))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "null.example,    5.1.10, takes no mail",
        "nobody.example,  5.1.2,  does not exist",
        "empty.example,   5.4.4,  neither a mail exchanger nor an address",
        "hollow.example,  5.4.4,  no mail exchanger of hollow.example has an address",
        "best.example,    5.4.6,  loops back",
        "self.example,    5.4.6,  loops back",
        "narrow.example,  5.4.4,  no public address",
        "inside.example,  5.4.4,  private 10.0.0.1",
        "loop.example,    5.4.4,  loopback",
    })
    void neverIsPermanent(String domain, String status, String words) {
        assertThat(look(SETTINGS, domain)).isInstanceOfSatisfying(Exchangers.Never.class, never -> {
            assertThat(never.status()).hasToString(status);
            assertThat(never.why()).contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "unknown.example, the mail exchangers of unknown.example cannot be looked up now",
        "dead.example,    the mail exchangers of dead.example cannot be looked up now",
        "dark.example,    the addresses of the mail exchangers of dark.example",
        "murky.example,   the addresses of the mail exchangers of murky.example",
    })
    void laterIsTemporary(String domain, String words) {
        assertThat(look(SETTINGS, domain)).isInstanceOfSatisfying(Exchangers.Later.class, later -> {
            assertThat(later.status()).hasToString("4.4.3");
            assertThat(later.why()).contains(words);
        });
    }

    @Test
    void addressesThatAreNotPublicAreUsedWhereAllowed() {
        assertThat(hosts(look(SETTINGS.withNotPublic(), "narrow.example")))
                .containsExactly(
                        "10 loop.example 0:0:0:0:0:0:0:1", "10 loop.example 127.0.0.1", "20 inside.example 10.0.0.1");
    }

    @Test
    void ownAddressIsOursOnlyAtOurPort() {
        MailExchangers exchangers = new MailExchangers(ZoneResolver.of(ZONE), SETTINGS.withNotPublic(), new Random(1));
        assertThat(exchangers.of(mx("mapped.example", 2525)))
                .isInstanceOfSatisfying(
                        Exchangers.Never.class,
                        never -> assertThat(never.status()).hasToString("5.4.6"));
        assertThat(exchangers.of(mx("mapped.example", 2526))).isInstanceOf(Exchangers.Hosts.class);
    }

    @Test
    void familiesTakeTurnsWithinAPreference() {
        Set<List<String>> orders = new HashSet<>();
        MailExchangers exchangers = new MailExchangers(ZoneResolver.of(ZONE), SETTINGS, new Random(7));
        for (int round = 0; round < 50; round++) {
            orders.add(hosts(exchangers.of(mx("dualdom.example", 25))).stream()
                    .map(words -> words.replaceAll("10 (\\S+)\\.example.*[:.](\\d+)", "$1-$2"))
                    .toList());
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("dual-4", "dual-4", "dual-5", "dual-5", "six-6"),
                        List.of("six-6", "dual-4", "dual-4", "dual-5", "dual-5"));
    }

    @Test
    void oneFamilyAloneIsUsedWhereSoConfigured() {
        assertThat(hosts(look(with(IpFamilies.IPV4), "dualdom.example")))
                .containsExactly("10 dual.example 192.0.2.4", "10 dual.example 192.0.2.5");
        assertThat(hosts(look(with(IpFamilies.IPV6), "implicit.example")))
                .containsExactly("0 implicit.example 2001:db8:0:0:0:0:0:10");
        assertThat(look(with(IpFamilies.IPV6), "order.example")).isInstanceOf(Exchangers.Never.class);
    }

    private static ExchangerSettings with(IpFamilies families) {
        return new ExchangerSettings(Set.of(), Set.of(), false, families, 10, 20, Duration.ofMinutes(1));
    }

    @Test
    void equalsShareTheLoadAtRandom() {
        StringBuilder zone = new StringBuilder();
        for (int i = 1; i <= 4; i++) {
            zone.append("d.example. MX 10 m%d.example.\nm%d.example. A 192.0.2.%d\n".formatted(i, i, i));
        }
        MailExchangers exchangers = new MailExchangers(ZoneResolver.of(zone.toString()), SETTINGS, new Random(3));
        int[] firsts = new int[5];
        for (int round = 0; round < 400; round++) {
            firsts[hosts(exchangers.of(mx("d.example", 25))).getFirst().charAt(4) - '0']++;
        }
        assertThat(IntStream.rangeClosed(1, 4).map(i -> firsts[i])).allMatch(count -> count > 50);
    }

    @Test
    void authenticityOfEachStepIsKept() {
        Exchangers.Hosts hosts = (Exchangers.Hosts) look(SETTINGS, "sure.example");
        assertThat(hosts.candidates())
                .extracting(Candidate::hostAuthentic, Candidate::addressAuthentic)
                .containsExactly(tuple(true, true), tuple(true, false));
    }

    @Test
    void aliasOfAnExchangerIsFollowedAndTold() {
        Exchangers.Hosts hosts = (Exchangers.Hosts) look(SETTINGS, "via.example");
        assertThat(hosts.candidates().getFirst().host()).hasToString("alias.example");
        assertThat(hosts.candidates().getFirst().canonical()).hasToString("a.example");
    }

    @Test
    void evidenceTellsEachQuestionAndItsAnswer() {
        assertThat(look(SETTINGS, "gloomy.example").inputs())
                .containsEntry("MX gloomy.example", "10 dead.example, 20 b.example")
                .containsEntry("A dead.example", "failed: the server answered SERVFAIL for dead.example A")
                .containsEntry("AAAA b.example", "no such record")
                .containsEntry("A b.example", "192.0.2.2");
        assertThat(look(SETTINGS, "sure.example").inputs())
                .containsEntry("MX sure.example", "10 surehost.example, 20 a.example (authentic)");
        assertThat(look(SETTINGS, "via.example").inputs()).containsEntry("A alias.example", "192.0.2.1 at a.example");
    }

    @Test
    void literalIsItsOwnExchangerUnlessItIsOursOrNotPublic() {
        MailExchangers exchangers = new MailExchangers(Resolver.none(), SETTINGS, new Random(1));
        assertThat(exchangers.of(literal("192.0.2.7"))).isInstanceOfSatisfying(Exchangers.Hosts.class, hosts -> {
            assertThat(hosts.candidates()).hasSize(1);
            assertThat(hosts.candidates().getFirst().host()).hasToString("[192.0.2.7]");
        });
        assertThat(exchangers.of(literal("192.0.2.98")))
                .isInstanceOfSatisfying(
                        Exchangers.Never.class, n -> assertThat(n.status()).hasToString("5.4.6"));
        for (String narrow :
                List.of("127.0.0.1", "10.1.1.1", "169.254.0.1", "::1", "::ffff:127.0.0.1", "fe80::1", "224.0.0.1")) {
            assertThat(exchangers.of(literal(narrow)))
                    .isInstanceOfSatisfying(
                            Exchangers.Never.class, n -> assertThat(n.status()).hasToString("5.4.4"));
        }
    }

    private static Route.Mx literal(String address) {
        return new Route.Mx(new Host.AddressLiteral(IpText.ip(address).orElseThrow()), 25, false, Optional.empty());
    }

    @Test
    void hostsAndAddressesAreBounded() {
        StringBuilder zone = new StringBuilder();
        for (int host = 0; host < 200; host++) {
            zone.append("flood.example. MX %d m%d.example.\n".formatted(host / 50, host));
            for (int i = 0; i < 30; i++) {
                zone.append("m%d.example. A 198.51.%d.%d\n".formatted(host, host, i));
            }
        }
        CountingResolver resolver = new CountingResolver(ZoneResolver.of(zone.toString()));
        MailExchangers exchangers = new MailExchangers(resolver, SETTINGS, new Random(1));
        assertThat(hosts(exchangers.of(mx("flood.example", 25)))).hasSize(20);
        assertThat(resolver.asked).hasSizeLessThanOrEqualTo(1 + 2 * 10);
    }

    @Test
    void patienceEndsTheAskingButNeverBeforeTheFirstHost() {
        ExchangerSettings hasty =
                new ExchangerSettings(Set.of(), Set.of(), false, IpFamilies.BOTH, 10, 20, Duration.ZERO);
        CountingResolver resolver = new CountingResolver(ZoneResolver.of(ZONE));
        assertThat(hosts(new MailExchangers(resolver, hasty, new Random(1)).of(mx("order.example", 25))))
                .containsExactly("10 a.example 192.0.2.1");
        assertThat(resolver.asked).containsExactly("MX order.example", "AAAA a.example", "A a.example");
    }

    @Test
    void impatienceWithoutAnyAddressIsTemporary() {
        ExchangerSettings hasty =
                new ExchangerSettings(Set.of(), Set.of(), false, IpFamilies.BOTH, 10, 20, Duration.ZERO);
        assertThat(look(hasty, "hollow.example")).isInstanceOf(Exchangers.Later.class);
    }

    private static SmarthostSettings given(String host, int port) {
        return new SmarthostSettings(
                "hub",
                IpText.ip(host)
                        .<Host>map(Host.AddressLiteral::new)
                        .orElseGet(() -> new Host.Domain(DomainName.of(host))),
                port,
                SmarthostSettings.Tls.OPPORTUNISTIC,
                Optional.empty());
    }

    @Test
    void givenHostIsReachedByItsAddressesOfAnyScope() {
        MailExchangers exchangers = new MailExchangers(ZoneResolver.of(ZONE), SETTINGS, new Random(1));
        assertThat(hosts(exchangers.of(given("inside.example", 587)))).containsExactly("0 inside.example 10.0.0.1");
        assertThat(hosts(exchangers.of(given("b.example", 25)))).containsExactly("0 b.example 192.0.2.2");
        assertThat(hosts(exchangers.of(given("127.0.0.1", 587)))).containsExactly("0 [127.0.0.1] 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "order.example,  25, 4.4.4",
        "nobody.example, 25, 4.4.4",
        "dead.example,   25, 4.4.3",
        "twin.example,   25, 4.3.5",
        "127.0.0.1,    2525, 4.3.5",
    })
    void givenHostThatIsNotThereIsNeverPermanent(String host, int port, String status) {
        assertThat(new MailExchangers(ZoneResolver.of(ZONE), SETTINGS, new Random(1)).of(given(host, port)))
                .isInstanceOfSatisfying(
                        Exchangers.Later.class,
                        later -> assertThat(later.status()).hasToString(status));
    }

    /// Keeps the questions that pass it.
    private static final class CountingResolver implements Resolver {
        private final Resolver inner;
        private final List<String> asked = new ArrayList<>();

        private CountingResolver(Resolver inner) {
            this.inner = inner;
        }

        @Override
        public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
            asked.add(type + " " + name);
            return inner.resolve(name, type);
        }
    }
}
