package dev.postern.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.dns.DnsAnswer;
import dev.postern.dns.DomainName;
import dev.postern.dns.RecordType;
import dev.postern.dns.Resolver;
import dev.postern.dns.ZoneResolver;
import dev.postern.smtp.EnhancedStatus;
import dev.postern.smtp.Host;
import dev.postern.spool.ManualClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SitesTest {
    private static final String ZONE = """
            $ORIGIN example.
            $TTL 300
            one     MX 10 mx
            two     MX 5 MX
            three   MX 10 mx
            three   MX 20 other
            reverse MX 20 mx
            reverse MX 10 other
            equal   MX 10 mx
            equal   MX 10 other
            null    MX 0 .
            plain   A 192.0.2.1
            broken  SERVFAIL MX
            special MX 10 mx
            late    MX 10 mx
            same    MX 10 mx
            alias   CNAME one
            mx      A 192.0.2.25
            $TTL 5
            quick   MX 10 mx
            $TTL 604800
            slow    MX 10 mx
            $AUTHENTIC yes
            signed  MX 10 mx
            """;

    private final ManualClock clock = ManualClock.atNoon();
    private final List<DomainName> asked = new ArrayList<>();
    private String zone = ZONE;
    private final Sites sites = new Sites(
            new Resolver() {
                @Override
                public <R> DnsAnswer<R> resolve(DomainName name, RecordType<R> type) {
                    asked.add(name);
                    clock.advance(name.text().startsWith("late") ? Sites.SLOW.plusMillis(1) : Duration.ZERO);
                    return ZoneResolver.of(zone).resolve(name, type);
                }
            },
            clock,
            domain -> domain.text().equals("special.example") || domain.text().equals("same.example") ? "special" : "");

    private static Route.Mx to(String domain) {
        return to(domain, 25, false);
    }

    private static Route.Mx to(String domain, int port, boolean backup) {
        return new Route.Mx(new Host.Domain(DomainName.of(domain)), port, backup, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "one.example, site:mx.example",
        "two.example, site:mx.example",
        "signed.example, site:mx.example",
        "alias.example, site:mx.example",
        "null.example, mx:null.example",
        "plain.example, mx:plain.example",
        "nowhere.example, mx:nowhere.example",
        "broken.example, mx:broken.example",
        "special.example, site:mx.example/special",
        "same.example, site:mx.example/special",
    })
    void aDomainWaitsWithThoseThatHaveTheSameExchangersAndTerms(String domain, String lane) {
        assertThat(sites.lane(to(domain))).as("before anybody has asked").isEqualTo("mx:" + domain);
        assertThat(sites.lookUp(to(domain))).isEqualTo(lane);
        assertThat(sites.lane(to(domain))).isEqualTo(lane);
        assertThat(asked).hasSize(1);
        assertThat(Sites.isShared(lane)).isEqualTo(lane.startsWith("site:"));
    }

    @Test
    void otherExchangersOrdersAndPortsAreOtherLanes() {
        List<String> lanes = List.of(
                sites.lookUp(to("one.example")),
                sites.lookUp(to("three.example")),
                sites.lookUp(to("reverse.example")),
                sites.lookUp(to("equal.example")),
                sites.lookUp(to("one.example", 2525, false)));
        assertThat(lanes).doesNotHaveDuplicates().allMatch(Sites::isShared).contains("site:mx.example:2525");
    }

    @Test
    void whatIsNotReachedByItsOwnExchangersHasItsOwnLaneAndNobodyIsAsked() throws UnknownHostException {
        Route literal = new Route.Mx(
                new Host.AddressLiteral(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1})),
                25,
                false,
                Optional.empty());
        assertThat(sites.lookUp(literal)).isEqualTo(literal.lane());
        assertThat(sites.lookUp(to("one.example", 25, true))).isEqualTo("mx:one.example");
        Route refused = new Route.Refused(EnhancedStatus.of("5.1.1"), "no");
        assertThat(sites.lookUp(refused)).isEqualTo("refused");
        sites.setApart(refused);
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"quick.example, 60", "one.example, 300", "slow.example, 3600"})
    void anAnswerIsRememberedAsLongAsItLivesWithinBounds(String domain, int seconds) {
        String lane = sites.lookUp(to(domain));
        clock.advance(Duration.ofSeconds(seconds - 1));
        sites.lookUp(to(domain));
        assertThat(asked).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(sites.place(to(domain))).isEmpty();
        assertThat(sites.lane(to(domain))).as("named until somebody asks again").isEqualTo(lane);
        sites.lookUp(to(domain));
        assertThat(asked).hasSize(2);
    }

    @Test
    void whereTheExchangersChangeTheLaneDoes() {
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("site:mx.example");
        zone = "$ORIGIN example.\none MX 10 elsewhere\n";
        clock.advance(Sites.LONGEST);
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("site:elsewhere.example");
        zone = "$ORIGIN example.\none SERVFAIL MX\n";
        clock.advance(Sites.LONGEST);
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("mx:one.example");
    }

    @Test
    void whoeverIsSetApartStaysByItselfForAWhileWhateverDnsSays() {
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("site:mx.example");
        sites.setApart(to("one.example"));
        sites.learn(
                DomainName.of("one.example"),
                ZoneResolver.of(ZONE).resolve(DomainName.of("one.example"), RecordType.MX));
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("mx:one.example");
        assertThat(sites.lookUp(to("two.example"))).isEqualTo("site:mx.example");
        clock.advance(Sites.APART);
        assertThat(sites.lookUp(to("one.example"))).isEqualTo("site:mx.example");
    }

    @Test
    void aDomainThatAnswersSlowlyIsSetApart() {
        assertThat(sites.lookUp(to("late.example"))).isEqualTo("mx:late.example");
        assertThat(sites.lookUp(to("late.example"))).isEqualTo("mx:late.example");
        assertThat(asked).hasSize(1);
    }

    @Test
    void theLookUpOfAnAttemptIsRememberedToo() {
        MailExchangers exchangers = new MailExchangers(
                        ZoneResolver.of(ZONE), ExchangerSettings.usual(Set.of(), Set.of()), new Random(1))
                .remembering(sites);
        exchangers.of(to("signed.example"));
        assertThat(sites.lane(to("signed.example"))).isEqualTo("site:mx.example");
        assertThat(exchangers.place(to("signed.example"))).get().satisfies(place -> {
            assertThat(place.authentic()).isTrue();
            assertThat(place.site().has(DomainName.of("mx.example"))).isTrue();
        });
        exchangers.of(to("one.example"));
        assertThat(exchangers.place(to("one.example")))
                .get()
                .satisfies(place -> assertThat(place.authentic()).isFalse());
        assertThat(asked).isEmpty();
    }

    @Test
    void memoryIsBoundedAndWhoWasAskedForFirstIsForgottenFirst() {
        for (int i = 0; i <= Sites.MOST; i++) {
            sites.lookUp(to("d" + i + ".example"));
        }
        assertThat(sites.size()).isEqualTo(Sites.MOST);
        asked.clear();
        sites.lookUp(to("d" + Sites.MOST + ".example"));
        sites.lookUp(to("d0.example"));
        assertThat(asked).containsExactly(DomainName.of("d0.example"));
    }
}
