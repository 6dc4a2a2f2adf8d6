package dev.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.sasl.LoginGate.Closed;
import dev.postern.spool.ManualClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Three failures of an address and of a user from one network, five of a network, seven of a user; waits from one
/// minute
/// to ten.
class LoginThrottleTest {
    private static final LoginThrottleSettings SETTINGS = new LoginThrottleSettings(
            new LoginThrottleSettings.Failures(3, 5, 7, 3),
            new LoginThrottleSettings.Waits(Duration.ofMinutes(1), Duration.ofMinutes(10)));

    private final ManualClock clock = ManualClock.atNoon();
    private final LoginThrottle throttle = new LoginThrottle(SETTINGS, user -> user.toLowerCase(Locale.ROOT), clock);

    private LoginThrottle.Attempt attempt(String from) {
        return throttle.attempt(
                Optional.of(from).filter(text -> !text.isEmpty()).map(InetAddress::ofLiteral));
    }

    /// Tries in vain; tells why that was not even looked at, if so.
    private Optional<Closed> fail(String user, String from) {
        LoginThrottle.Attempt attempt = attempt(from);
        Optional<Closed> closed = attempt.ask(user);
        if (closed.isEmpty()) {
            attempt.failed();
        }
        return closed;
    }

    private void failed(String user, String from) {
        assertThat(fail(user, from)).as("%s from %s", user, from).isEmpty();
    }

    private void succeed(String user, String from) {
        LoginThrottle.Attempt attempt = attempt(from);
        assertThat(attempt.ask(user)).isEmpty();
        attempt.succeeded();
    }

    private static Optional<Closed> closed(String by, int minutes) {
        return Optional.of(new Closed(by, Duration.ofMinutes(minutes)));
    }

    @Test
    void anAddressThatFailsWaitsLongerEachTimeWhateverNamesItTries() {
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "192.0.2.1");
        }
        for (int minutes : List.of(1, 2, 4, 8, 10, 10)) {
            assertThat(fail("other" + minutes, "192.0.2.1")).isEqualTo(closed("address", minutes));
            clock.advance(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(fail("other" + minutes, "192.0.2.1"))
                    .hasValueSatisfying(closed -> assertThat(closed.closedFor()).isEqualTo(Duration.ofMillis(1)));
            clock.advance(Duration.ofMillis(1));
            failed("yet another" + minutes + clock.instant(), "192.0.2.1");
        }
    }

    @Test
    void triesThatWereNotLookedAtCountForNothing() {
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "192.0.2.1");
        }
        for (int i = 0; i < 100; i++) {
            assertThat(fail("more", "192.0.2.1")).isEqualTo(closed("address", 1));
        }
    }

    @Test
    void aNetworkWaitsWhenItsAddressesFailOneByOne() {
        for (int i = 1; i <= 5; i++) {
            failed("user" + i, "192.0.2." + i);
        }
        assertThat(fail("user", "192.0.2.200")).isEqualTo(closed("network", 1));
        failed("user", "192.0.3.1");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8::1, 2001:db8::ffff:1, true",
        "2001:db8::1, 2001:db8:0:1::1, false",
        "::ffff:192.0.2.1, 192.0.2.1, true"
    })
    void ipv6NetworkOf64BitsIsOneAddress(String one, String other, boolean same) {
        for (int i = 0; i < 3; i++) {
            failed("user" + i, one);
        }
        assertThat(fail("user", other)).isEqualTo(same ? closed("address", 1) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:0:0:%x::1, 2001:db8:0:ff::1, true",
        "2001:db8:0:0:%x::1, 2001:db8:0:100::1, false",
        "203.0.113.%d, 203.0.113.200, true",
        "203.0.113.%d, 203.0.114.1, false"
    })
    void networksHave24And56Bits(String pattern, String other, boolean same) {
        for (int i = 0; i < 5; i++) {
            String from = pattern.contains("%x") ? "2001:db8:0:" + i + "::1" : pattern.formatted(i);
            failed("user" + i, from);
        }
        assertThat(fail("user", other)).isEqualTo(same ? closed("network", 1) : Optional.empty());
    }

    @Test
    void aNameWaitsWhenEverybodyTriesIt() {
        for (int i = 1; i <= 7; i++) {
            failed("alice", "192.0." + i + ".1");
        }
        assertThat(fail("ALICE", "198.51.100.1")).isEqualTo(closed("account", 1));
        failed("bob", "198.51.100.1");
    }

    @Test
    void strangersWhoGuessDoNotLockOutTheUserWhoIsAtHomeInItsNetwork() {
        succeed("alice", "198.51.100.1");
        for (int i = 1; i <= 7; i++) {
            failed("alice", "192.0." + i + ".1");
        }
        assertThat(fail("alice", "192.0.100.1")).isEqualTo(closed("account", 1));

        succeed("alice", "198.51.100.77");
    }

    @Test
    void neighboursWhoGuessDoNotLockOutTheUserWhoIsAtHomeThere() {
        succeed("alice", "198.51.100.1");
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "198.51.100.1");
        }
        assertThat(fail("bob", "198.51.100.1")).isEqualTo(closed("address", 1));

        succeed("alice", "198.51.100.1");
    }

    @Test
    void theUserAtHomeWhoseProgramHasAnOldPasswordWaitsAloneAndNotItsNeighbours() {
        succeed("alice", "198.51.100.1");
        for (int i = 0; i < 3; i++) {
            failed("alice", "198.51.100.1");
        }
        assertThat(fail("alice", "198.51.100.1")).isEqualTo(closed("account and network", 1));
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "198.51.100.1");
        }
    }

    @Test
    void theUserIsNoLongerAtHomeAfter30Days() {
        succeed("alice", "198.51.100.1");
        clock.advance(Duration.ofDays(30));
        for (int i = 1; i <= 7; i++) {
            failed("alice", "192.0." + i + ".1");
        }
        assertThat(fail("alice", "198.51.100.1")).isEqualTo(closed("account", 1));
    }

    @Test
    void successDoesNotForgiveWhatTheAddressDidUnderOtherNames() {
        failed("user1", "192.0.2.1");
        failed("user2", "192.0.2.1");
        succeed("mallory", "192.0.2.1");
        failed("user3", "192.0.2.1");
        assertThat(fail("user4", "192.0.2.1")).isEqualTo(closed("address", 1));
    }

    @Test
    void successForgivesWhatTheUserDidInItsNetwork() {
        failed("alice", "192.0.2.1");
        failed("alice", "192.0.2.1");
        succeed("alice", "192.0.2.1");
        failed("alice", "192.0.2.1");
        failed("alice", "192.0.2.1");
        succeed("alice", "192.0.2.1");
    }

    @Test
    void manyTriesAtOnceAreNotMoreThanOneAfterTheOther() {
        List<LoginThrottle.Attempt> open = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            LoginThrottle.Attempt attempt = attempt("192.0.2.1");
            if (attempt.ask("user" + i).isEmpty()) {
                open.add(attempt);
            }
        }
        assertThat(open).hasSize(3);
    }

    @Test
    void whatCouldNotBeJudgedCountsForNothing() {
        for (int i = 0; i < 50; i++) {
            LoginThrottle.Attempt attempt = attempt("192.0.2.1");
            assertThat(attempt.ask("alice")).isEmpty();
            attempt.unjudged();
        }
        failed("alice", "192.0.2.1");
    }

    @Test
    void triesWithoutAReadableNameCountForTheAddress() {
        for (int i = 0; i < 3; i++) {
            attempt("192.0.2.1").failed();
        }
        assertThat(fail("alice", "192.0.2.1")).isEqualTo(closed("address", 1));
    }

    @Test
    void addressesThatManyShareAreNotCounted() {
        InetAddress webmail = InetAddress.ofLiteral("192.0.2.1");
        throttle.use(SETTINGS, webmail::equals);
        for (int i = 0; i < 50; i++) {
            failed("user" + i, "192.0.2.1");
        }
        for (int i = 0; i < 3; i++) {
            failed("alice", "192.0.2.1");
        }
        assertThat(fail("alice", "192.0.2.1")).isEqualTo(closed("account and network", 1));
    }

    @Test
    void whoHasNoAddressIsCountedByName() {
        for (int i = 0; i < 3; i++) {
            failed("alice", "");
        }
        assertThat(fail("alice", "")).isEqualTo(closed("account and network", 1));
        failed("bob", "");
    }

    @Test
    void failuresAreForgottenInTime() {
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "192.0.2.1");
        }
        clock.advance(Duration.ofHours(4).plusMillis(1));
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "192.0.2.1");
        }
        assertThat(fail("user", "192.0.2.1")).isEqualTo(closed("address", 1));
    }

    @Test
    void otherRulesKeepWhatWasCounted() {
        failed("user0", "192.0.2.1");
        failed("user1", "192.0.2.1");
        throttle.use(LoginThrottleSettings.byDefault(), address -> false);
        for (int i = 2; i < 10; i++) {
            failed("user" + i, "192.0.2.1");
        }
        assertThat(fail("user", "192.0.2.1")).isEqualTo(closed("address", 1));
    }

    @Test
    void whatIsRememberedIsBoundedAndWhoFailedLatelyStaysInIt() {
        for (int i = 0; i < 3; i++) {
            failed("user" + i, "192.0.2.1");
        }
        for (int i = 0; i < 100_000; i++) {
            byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
            throttle.attempt(Optional.of(inet(address))).ask("u" + i);
            if (i % 1000 == 0) {
                assertThat(fail("user", "192.0.2.1")).isPresent();
            }
        }
        assertThat(throttle.size()).isLessThanOrEqualTo(4 * FailureCounts.CAPACITY);
    }

    private static InetAddress inet(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> new LoginThrottleSettings.Failures(0, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoginThrottleSettings.Waits(Duration.ZERO, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoginThrottleSettings.Waits(Duration.ofDays(1), Duration.ofDays(31)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LoginThrottleSettings.Waits(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
