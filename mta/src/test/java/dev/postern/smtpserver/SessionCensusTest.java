package dev.postern.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.policy.ListenerRole;
import dev.postern.smtpserver.SessionCensus.Entry;
import dev.postern.smtpserver.SessionCensus.Seat;
import dev.postern.wire.Endpoint;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionCensusTest {

    private static Endpoint from(String address) {
        return new Endpoint.Inet(InetAddress.ofLiteral(address), 40000);
    }

    private static CensusLimits limited(CensusLimits.PerOrigin perOrigin) {
        return new CensusLimits(10, Map.of(), perOrigin);
    }

    private static Seat seated(SessionCensus census, String address) {
        return seated(census, ListenerRole.MX, from(address));
    }

    private static Seat seated(SessionCensus census, ListenerRole role, Endpoint peer) {
        if (census.enter(role, peer) instanceof Entry.Seated(Seat seat)) {
            return seat;
        }
        throw new AssertionError("there is no room for " + peer);
    }

    private static void assertFull(SessionCensus census, String address, Shortage shortage) {
        assertThat(census.enter(ListenerRole.MX, from(address))).isEqualTo(new Entry.Full(shortage));
    }

    @Test
    void oneIpv4AddressIsOneClient() {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        seated(census, "192.0.2.1");
        assertFull(census, "192.0.2.1", Shortage.ADDRESS);
        seated(census, "192.0.2.2");
        assertFull(census, "::ffff:192.0.2.2", Shortage.ADDRESS);
        assertThat(census.present()).isEqualTo(2);
    }

    @Test
    void oneIpv6NetworkOf64BitsIsOneClient() {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        seated(census, "2001:db8:0:1::1");
        assertFull(census, "2001:db8:0:1:ffff::2", Shortage.ADDRESS);
        seated(census, "2001:db8:0:2::1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.200, 192.0.3.1",
        "2001:db8:0:100::1, 2001:db8:0:1ff::1, 2001:db8:0:200::1",
    })
    void neighboursShareTheRoomOfTheirNetwork(String first, String neighbour, String stranger) {
        SessionCensus census = new SessionCensus(limited(new CensusLimits.PerOrigin(10, 1, 10)));
        Seat seat = seated(census, first);
        assertFull(census, neighbour, Shortage.NETWORK);
        seated(census, stranger);
        seat.giveBack();
        seated(census, neighbour);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.200.1, 192.1.2.1",
        "2001:db8:0:100::1, 2001:db8:0:ff00::1, 2001:db8:1:100::1",
    })
    void networksShareTheRoomOfTheirRegion(String first, String neighbour, String stranger) {
        SessionCensus census = new SessionCensus(limited(new CensusLimits.PerOrigin(10, 10, 1)));
        Seat seat = seated(census, first);
        assertFull(census, neighbour, Shortage.REGION);
        Seat other = seated(census, stranger);
        seat.giveBack();
        other.giveBack();
        assertThat(census.households()).isZero();
        assertThat(census.present()).isZero();
    }

    @Test
    void unixSocketsCountInAllOnly() {
        SessionCensus census = new SessionCensus(CensusLimits.of(2, 1));
        Endpoint unix = new Endpoint.Unix(Path.of(""));
        seated(census, ListenerRole.LOCAL, unix);
        seated(census, ListenerRole.LMTP, unix);
        assertThat(census.enter(ListenerRole.LOCAL, unix)).isEqualTo(new Entry.Full(Shortage.IN_ALL));
    }

    @Test
    void otherServersDoNotGetTheRoomThatIsKeptForUsers() {
        SessionCensus census = new SessionCensus(
                new CensusLimits(3, Map.of(ListenerRole.MX, 2), new CensusLimits.PerOrigin(10, 10, 10)));
        seated(census, "192.0.2.1");
        seated(census, "192.0.2.2");
        assertFull(census, "192.0.2.3", Shortage.LISTENER);
        assertThat(census.share()).isEqualTo(1);
        Seat user = seated(census, ListenerRole.SUBMISSION, from("192.0.2.3"));
        assertThat(census.enter(ListenerRole.SUBMISSIONS, from("192.0.2.3")))
                .isEqualTo(new Entry.Full(Shortage.IN_ALL));
        user.giveBack();
        assertFull(census, "192.0.2.3", Shortage.LISTENER);
    }

    @ParameterizedTest
    @CsvSource({"SUBMISSION, SUBMISSIONS", "SUBMISSIONS, LMTP", "LMTP, MX"})
    void everyListenerMayHaveALimitOfItsOwn(ListenerRole role, ListenerRole other) {
        SessionCensus census =
                new SessionCensus(new CensusLimits(10, Map.of(role, 1), new CensusLimits.PerOrigin(10, 10, 10)));
        Seat seat = seated(census, role, from("192.0.2.1"));
        assertThat(census.enter(role, from("192.0.2.2"))).isEqualTo(new Entry.Full(Shortage.LISTENER));
        seated(census, other, from("192.0.2.2"));
        seat.giveBack();
        seated(census, role, from("192.0.2.2"));
    }

    @Test
    void placeThatHasItsShareIsToldSoEvenWhenAllIsFull() {
        SessionCensus census = new SessionCensus(CensusLimits.of(2, 1));
        seated(census, "192.0.2.1");
        seated(census, "198.51.100.1");
        assertFull(census, "192.0.2.1", Shortage.ADDRESS);
        assertFull(census, "203.0.113.1", Shortage.IN_ALL);
    }

    @Test
    void whoWasTurnedAwayIsNotCounted() {
        SessionCensus census = new SessionCensus(CensusLimits.of(1, 5));
        Seat seat = seated(census, "192.0.2.1");
        assertFull(census, "192.0.2.1", Shortage.IN_ALL);
        seat.giveBack();
        assertThat(census.present()).isZero();
        assertThat(census.households()).isZero();
        seated(census, "192.0.2.1");
    }

    @Test
    void seatIsGivenBackOnce() {
        SessionCensus census = new SessionCensus(CensusLimits.of(5, 5));
        Seat first = seated(census, "192.0.2.1");
        seated(census, "192.0.2.1");
        first.giveBack();
        first.giveBack();
        assertThat(census.present()).isEqualTo(1);
    }

    @Test
    void otherLimitsHoldForWhoComesThen() {
        SessionCensus census = new SessionCensus(CensusLimits.of(2, 5));
        seated(census, "192.0.2.1");
        seated(census, "192.0.2.1");
        census.use(CensusLimits.of(3, 5).within(2));
        assertFull(census, "192.0.2.1", Shortage.IN_ALL);
        census.use(CensusLimits.of(3, 5));
        seated(census, "192.0.2.1");
        census.use(CensusLimits.of(1, 5));
        assertThat(census.present()).isEqualTo(3);
        assertFull(census, "192.0.2.1", Shortage.IN_ALL);
    }

    @Test
    void usersKeepTheirPartWhereThereIsLessRoomThanWasMeant() {
        CensusLimits limits = new CensusLimits(
                2000, Map.of(ListenerRole.MX, 1500, ListenerRole.LMTP, 5), new CensusLimits.PerOrigin(1, 1, 1));
        CensusLimits fewer = limits.within(100);
        assertThat(fewer.inAll()).isEqualTo(100);
        assertThat(fewer.of(ListenerRole.MX)).isEqualTo(75);
        assertThat(fewer.of(ListenerRole.LMTP)).isEqualTo(1);
        assertThat(fewer.of(ListenerRole.SUBMISSION)).isEqualTo(100);
        assertThat(limits.within(3000)).isEqualTo(limits);
    }

    @Test
    void limitsAreAtLeastOne() {
        assertThatThrownBy(() -> CensusLimits.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CensusLimits.of(1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CensusLimits(1, Map.of(ListenerRole.MX, 0), new CensusLimits.PerOrigin(1, 1, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void manyComeAndGoAndNobodyIsForgotten() throws InterruptedException {
        SessionCensus census = new SessionCensus(CensusLimits.of(Integer.MAX_VALUE, 3));
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            visitors.add(Thread.ofPlatform().start(() -> {
                for (int visit = 0; visit < 20_000; visit++) {
                    Endpoint peer =
                            from("192.0.2." + ThreadLocalRandom.current().nextInt(4));
                    if (census.enter(ListenerRole.MX, peer) instanceof Entry.Seated(Seat seat)) {
                        seat.giveBack();
                    }
                }
            }));
        }
        for (Thread visitor : visitors) {
            visitor.join();
        }
        assertThat(census.present()).isZero();
        assertThat(census.share()).isZero();
        assertThat(census.households()).isZero();
    }

    @Test
    void seatFollowsTheClientThatSomebodySpeaksFor() {
        SessionCensus census = new SessionCensus(CensusLimits.of(10, 1));
        Seat proxy = seated(census, ListenerRole.MX, new Endpoint.Memory("a server that speaks for others"));

        assertThat(proxy.move(from("192.0.2.1"))).isEmpty();
        assertThat(census.enter(ListenerRole.MX, from("192.0.2.1"))).isEqualTo(new Entry.Full(Shortage.ADDRESS));
        Seat other = seated(census, "192.0.2.2");
        assertThat(proxy.move(from("192.0.2.2"))).contains(Shortage.ADDRESS);
        other.giveBack();
        assertThat(proxy.move(from("192.0.2.2"))).isEmpty();
        seated(census, "192.0.2.1").giveBack();
        assertThat(census.present()).isEqualTo(1);

        proxy.giveBack();
        assertThat(proxy.move(from("192.0.2.3"))).isEmpty();
        assertThat(census.households()).isZero();
        assertThat(census.present()).isZero();
    }
}
