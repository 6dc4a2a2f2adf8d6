package dev.postern.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.event.Event;
import dev.postern.spool.ManualClock;
import dev.postern.wire.AddressBlock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClientGuardTest {
    private static final InetAddress ONE = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress OTHER = InetAddress.ofLiteral("198.51.100.1");
    private static final Taker ANN = new Taker.User("ann@example.org");
    private static final String APPEAL = "write to postmaster@example.org from another server";

    private final ManualClock clock = ManualClock.atNoon();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final ClientGuard guard = guard(settings(5, 12), address -> false);

    private ClientGuard guard(GuardSettings settings, Predicate<InetAddress> exempt) {
        return new ClientGuard(settings, exempt, new ClientGuard.Ground(clock, events::add, 42));
    }

    private static GuardSettings settings(long perAddress, long perNetwork) {
        return settings(perAddress, perNetwork, BanTerms.byDefault());
    }

    private static GuardSettings settings(long perAddress, long perNetwork, BanTerms bans) {
        Map<Demand, Rates.Rate> clients = new EnumMap<>(Demand.class);
        for (Demand demand : Demand.values()) {
            clients.put(demand, new Rates.Rate(perAddress, perNetwork));
        }
        Rates rates = new Rates(clients, Map.of(Demand.MESSAGES, 3L));
        return new GuardSettings(rates, bans, Duration.ofSeconds(4), APPEAL);
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static Taker client(InetAddress address) {
        return new Taker.Client(address);
    }

    private int taken(Taker who, Demand demand, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += guard.take(who, demand).isEmpty() ? 1 : 0;
        }
        return taken;
    }

    // Rates

    @ParameterizedTest
    @EnumSource
    void clientGetsSoManyWithinThePeriodAndAnotherIsUnharmed(Demand demand) {
        assertThat(taken(client(ONE), demand, 100)).isEqualTo(5);
        assertThat(taken(client(OTHER), demand, 100)).isEqualTo(5);
        assertThat(guard.take(client(ONE), demand))
                .contains(new Denial.TooMuch(
                        demand, Denial.Scope.ADDRESS, 5, demand.period().dividedBy(5)));

        clock.advance(demand.period().dividedBy(5));
        assertThat(taken(client(ONE), demand, 100)).isEqualTo(1);
        clock.advance(demand.period());
        assertThat(taken(client(ONE), demand, 100)).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1, 192.0.2.2, 5",
        "2001:db8::1, 2001:db8::ffff:1, 0",
        "2001:db8::1, 2001:db8:0:1::1, 5",
        "2001:db8::1, 32.1.13.184, 5",
        "::1, 0.0.0.0, 5",
    })
    void addressesOfOneHostAreCountedAsOne(String first, String second, int left) {
        assertThat(taken(client(address(first)), Demand.MESSAGES, 5)).isEqualTo(5);
        assertThat(taken(client(address(second)), Demand.MESSAGES, 5)).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2., 198.51.100.1",
        "2001:db8:0:, 2001:db8:0:100::1",
    })
    void networkGetsSoManyHoweverManyAddressesItHas(String prefix, String elsewhere) {
        int taken = 0;
        for (int i = 1; i < 100; i++) {
            InetAddress next = address(prefix.endsWith(".") ? prefix + i : prefix + Integer.toHexString(i) + "::1");
            taken += taken(client(next), Demand.MESSAGES, 1);
        }
        assertThat(taken).isEqualTo(12);
        assertThat(taken(client(address(elsewhere)), Demand.MESSAGES, 5)).isEqualTo(5);
    }

    @Test
    void whoIsRefusedForItsNetworkHasTakenNothingItself() {
        for (int i = 2; i < 14; i++) {
            guard.take(client(address("192.0.2." + i)), Demand.MESSAGES);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(guard.take(client(ONE), Demand.MESSAGES))
                    .hasValueSatisfying(denial -> assertThat(denial)
                            .isInstanceOfSatisfying(
                                    Denial.TooMuch.class,
                                    much -> assertThat(much.whose()).isEqualTo(Denial.Scope.NETWORK)));
        }
        clock.advance(Duration.ofMinutes(25));
        assertThat(taken(client(ONE), Demand.MESSAGES, 5)).isEqualTo(5);
    }

    @Test
    void userIsCountedByNameAndOnlyWhereThereIsALimit() {
        assertThat(taken(ANN, Demand.MESSAGES, 100)).isEqualTo(3);
        assertThat(taken(new Taker.User("bob@example.org"), Demand.MESSAGES, 100))
                .isEqualTo(3);
        assertThat(taken(ANN, Demand.RECIPIENTS, 100)).isEqualTo(100);
        assertThat(guard.take(ANN, Demand.MESSAGES))
                .contains(new Denial.TooMuch(Demand.MESSAGES, Denial.Scope.USER, 3, Duration.ofMinutes(20)));
    }

    @Test
    void zeroIsAnyNumber() {
        guard.use(settings(0, 0), address -> false);

        assertThat(taken(client(ONE), Demand.MESSAGES, 1000)).isEqualTo(1000);
        guard.had(client(ONE), Demand.OCTETS, Long.MAX_VALUE);
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void octetsAreCountedAsTheyComeAndAskedForBefore() {
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 1_000_000)).isEmpty();
        guard.had(client(ONE), Demand.OCTETS, 3);
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 2)).isEmpty();
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 3)).isPresent();
        guard.had(client(ONE), Demand.OCTETS, Long.MAX_VALUE);
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 1)).isPresent();
        clock.advance(Duration.ofHours(2));
        assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 1)).isEmpty();
    }

    @Test
    void exemptClientsAreNeitherCountedNorBannedButTheirUsersAre() {
        guard.use(settings(5, 12), ONE::equals);

        for (int i = 0; i < 100; i++) {
            assertThat(guard.admit(ONE)).isEmpty();
            guard.offended(ONE, Offence.INJECTION);
            guard.had(client(ONE), Demand.UNKNOWN_RECIPIENTS, 10);
        }
        assertThat(taken(client(ONE), Demand.MESSAGES, 100)).isEqualTo(100);
        assertThat(guard.wouldTake(client(ONE), Demand.UNKNOWN_RECIPIENTS, 1)).isEmpty();
        assertThat(guard.tarpit(ONE)).isZero();
        assertThat(guard.bans().running()).isEmpty();
        assertThat(taken(ANN, Demand.MESSAGES, 100)).isEqualTo(3);
    }

    @Test
    void reloadKeepsWhatWasCountedAndWhoIsBanned() {
        taken(client(ONE), Demand.MESSAGES, 5);
        for (int i = 0; i < 2; i++) {
            guard.offended(OTHER, Offence.INJECTION);
        }
        guard.use(settings(5, 12), address -> false);

        assertThat(taken(client(ONE), Demand.MESSAGES, 5)).isZero();
        assertThat(guard.admit(OTHER)).isPresent();
        guard.use(settings(10, 24), address -> false);
        clock.advance(Duration.ofMinutes(30));
        assertThat(taken(client(ONE), Demand.MESSAGES, 50)).isEqualTo(5);
    }

    @Test
    void limitIsToldOnceAndEachDenialIsCounted() {
        taken(client(ONE), Demand.MESSAGES, 25);
        taken(client(ONE), Demand.RECIPIENTS, 6);

        assertThat(events)
                .containsExactly(
                        new GuardEvent.LimitReached("192.0.2.1", "messages", 5),
                        new GuardEvent.LimitReached("192.0.2.1", "recipients", 5));
        assertThat(guard.denied())
                .containsEntry(Demand.MESSAGES, 20L)
                .containsEntry(Demand.RECIPIENTS, 1L)
                .containsEntry(Demand.SESSIONS, 0L);
    }

    /// A large provider that sends ten thousand messages an hour from one address to a big site, each in a session of
    /// its own with TLS, every tenth to an address that is gone.
    @Test
    void largeSenderStaysFarFromTheDefaults() {
        guard.use(new GuardSettings(Rates.byDefault(), BanTerms.byDefault(), Duration.ZERO, APPEAL), address -> false);
        int messages = 10_000;
        for (int i = 0; i < messages; i++) {
            assertThat(guard.admit(ONE)).isEmpty();
            assertThat(guard.take(client(ONE), Demand.HANDSHAKES)).isEmpty();
            assertThat(guard.wouldTake(client(ONE), Demand.OCTETS, 10 << 20)).isEmpty();
            assertThat(guard.take(client(ONE), Demand.MESSAGES)).isEmpty();
            for (int n = 0; n < 5; n++) {
                assertThat(guard.wouldTake(client(ONE), Demand.UNKNOWN_RECIPIENTS, 1))
                        .isEmpty();
                assertThat(guard.take(client(ONE), Demand.RECIPIENTS)).isEmpty();
            }
            if (i % 10 == 0) {
                guard.had(client(ONE), Demand.UNKNOWN_RECIPIENTS, 1);
            }
            guard.had(client(ONE), Demand.OCTETS, 200 << 10);
            clock.advance(Duration.ofHours(1).dividedBy(messages));
        }
        assertThat(events).isEmpty();
    }

    // Bans

    @ParameterizedTest
    @CsvSource({
        "EARLY_TALK, 4",
        "EARLY_PIPELINING, 5",
        "OTHER_PROTOCOL, 2",
        "INJECTION, 2",
        "FAULTS, 4",
        "IDLE_COMMANDS, 5",
        "UNKNOWN_RECIPIENTS, 4",
        "SLOW, 20",
    })
    void soManyOffencesBan(Offence offence, int times) {
        for (int i = 1; i < times; i++) {
            guard.offended(ONE, offence);
            assertThat(guard.bans().find(ONE)).as("after %s", i).isEmpty();
        }
        guard.offended(ONE, offence);

        Ban ban = guard.bans().find(ONE).orElseThrow();
        assertThat(guard.admit(ONE)).contains(new Denial.Banned(ban, APPEAL));
        assertThat(ban.until()).isEqualTo(clock.instant().plus(Duration.ofMinutes(10)));
        assertThat(guard.admit(OTHER)).isEmpty();
        assertThat(guard.admit(address("192.0.2.2"))).isEmpty();
        assertThat(events)
                .containsExactly(new GuardEvent.Banned(ban.network(), ban.until(), 1, "offences", offence.label()));
    }

    @ParameterizedTest
    @CsvSource({"59, true", "61, false"})
    void offencesWithinThreeMinutesAddUpAsIfTheyWereAtOnce(int secondsBetween, boolean banned) {
        for (int i = 0; i < 4; i++) {
            guard.offended(ONE, Offence.FAULTS);
            clock.advance(Duration.ofSeconds(secondsBetween));
        }
        assertThat(guard.bans().find(ONE).isPresent()).isEqualTo(banned);
    }

    @Test
    void failedLoginsBanNobodyByDefaultSinceAPhoneWithAnOldPasswordMustNotLockItsOfficeOut() {
        for (int i = 0; i < 1000; i++) {
            guard.offended(ONE, Offence.FAILED_LOGINS);
        }
        assertThat(guard.admit(ONE)).isEmpty();
    }

    @Test
    void offencesFarApartAreForgotten() {
        for (int i = 0; i < 100; i++) {
            guard.offended(ONE, Offence.FAULTS);
            clock.advance(Duration.ofMinutes(15));
        }
        assertThat(guard.admit(ONE)).isEmpty();
    }

    @Test
    void nextBanIsTwiceAsLongUpToTheLongestAndGoodBehaviourBeginsAnew() {
        for (int minutes : List.of(10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440)) {
            for (int i = 0; i < 2; i++) {
                guard.offended(ONE, Offence.INJECTION);
            }
            assertThat(guard.bans().find(ONE).orElseThrow().until())
                    .isEqualTo(clock.instant().plus(Duration.ofMinutes(minutes)));
            clock.advance(Duration.ofMinutes(minutes).minusSeconds(1));
            assertThat(guard.admit(ONE)).isPresent();
            clock.advance(Duration.ofSeconds(1));
            assertThat(guard.admit(ONE)).isEmpty();
            guard.bans().sweep(guard.memory());
        }
        clock.advance(Duration.ofDays(1).plusSeconds(1));
        guard.bans().sweep(guard.memory());
        guard.offended(ONE, Offence.INJECTION);
        guard.offended(ONE, Offence.INJECTION);
        assertThat(guard.bans().find(ONE).orElseThrow().times()).isEqualTo(1);
    }

    @Test
    void severalBannedAddressesBanTheirNetwork() {
        for (int i = 1; i <= 4; i++) {
            guard.offended(address("192.0.2." + i), Offence.INJECTION);
            guard.offended(address("192.0.2." + i), Offence.INJECTION);
        }
        assertThat(guard.admit(address("192.0.2.200"))).isEmpty();
        guard.offended(address("192.0.2.5"), Offence.INJECTION);
        guard.offended(address("192.0.2.5"), Offence.INJECTION);

        assertThat(guard.bans().find(address("192.0.2.200"))).hasValueSatisfying(ban -> {
            assertThat(ban.network()).hasToString("192.0.2.0/24");
            assertThat(ban.source()).isEqualTo(Ban.Source.NEIGHBOURS);
            assertThat(ban.why()).isEqualTo("5 addresses of it are banned");
        });
        assertThat(guard.admit(address("192.0.3.1"))).isEmpty();
    }

    @Test
    void clientThatIsBannedMeanwhileGetsNothingMoreInItsOpenSessions() {
        guard.offended(ONE, Offence.INJECTION);
        guard.offended(ONE, Offence.INJECTION);

        assertThat(guard.take(client(ONE), Demand.MESSAGES))
                .hasValueSatisfying(denial -> assertThat(denial).isInstanceOf(Denial.Banned.class));
        assertThat(guard.take(ANN, Demand.MESSAGES)).isEmpty();
    }

    @Test
    void repliesToARepeatOffenderAreHeldBackLongerTheNearerItIsToABan() {
        assertThat(guard.tarpit(ONE)).isZero();
        guard.offended(ONE, Offence.FAULTS);
        assertThat(guard.tarpit(ONE)).isZero();
        guard.offended(ONE, Offence.FAULTS);
        assertThat(guard.tarpit(ONE)).isEqualTo(Duration.ofSeconds(2));
        guard.offended(ONE, Offence.FAULTS);
        assertThat(guard.tarpit(ONE)).isEqualTo(Duration.ofSeconds(3));
        guard.offended(ONE, Offence.FAULTS);
        assertThat(guard.tarpit(ONE)).isEqualTo(Duration.ofSeconds(4));
        clock.advance(Duration.ofHours(3));
        assertThat(guard.tarpit(ONE)).isEqualTo(Duration.ofSeconds(4));
        assertThat(guard.tarpit(OTHER)).isZero();
    }

    @Test
    void whoIsPardonedHasNoPast() {
        for (int i = 0; i < 4; i++) {
            guard.offended(ONE, Offence.FAULTS);
        }
        assertThat(guard.pardon(AddressBlock.parse("192.0.2.0/24").orElseThrow()))
                .singleElement()
                .satisfies(ban -> assertThat(ban.network()).hasToString("192.0.2.1"));

        assertThat(guard.admit(ONE)).isEmpty();
        assertThat(guard.tarpit(ONE)).isZero();
        guard.offended(ONE, Offence.FAULTS);
        assertThat(guard.admit(ONE)).isEmpty();
    }

    @Test
    void offencesBanNobodyWhereThatIsOff() {
        BanTerms usual = BanTerms.byDefault();
        BanTerms off = new BanTerms(
                new BanTerms.Score(usual.score().weights(), 0, usual.score().memory()), usual.times(), 5);
        guard.use(settings(1000, 1000, off), address -> false);
        for (int i = 0; i < 100; i++) {
            guard.offended(ONE, Offence.INJECTION);
        }
        assertThat(guard.admit(ONE)).isEmpty();
        assertThat(guard.tarpit(ONE)).isZero();
    }
}
