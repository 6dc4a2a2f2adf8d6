package dev.postern.app.config;

import dev.postern.accounts.LoginThrottleSettings;
import dev.postern.policy.NetworkSet;
import java.time.Duration;

/// How many logins may fail.
///
/// @param throttle what is counted, and how long one waits
/// @param shared networks whose addresses many users share, so that they are not counted as such
public record LoginLimits(LoginThrottleSettings throttle, NetworkSet shared) {
    private static final int MOST = 1_000_000;

    /// Reads what the section `[limits]` says of logins.
    static LoginLimits read(Section section) {
        LoginThrottleSettings usual = LoginThrottleSettings.byDefault();
        LoginThrottleSettings.Failures failures = usual.failures();
        return new LoginLimits(
                new LoginThrottleSettings(
                        new LoginThrottleSettings.Failures(
                                section.number("login-failures-per-address", failures.perAddress(), 1, MOST),
                                section.number("login-failures-per-network", failures.perNetwork(), 1, MOST),
                                section.number("login-failures-per-account", failures.perAccount(), 1, MOST),
                                section.number(
                                        "login-failures-per-account-and-network",
                                        failures.perAccountAndNetwork(),
                                        1,
                                        MOST)),
                        waits(section, usual.waits())),
                new NetworkSet(section.networks("login-shared-networks")));
    }

    private static LoginThrottleSettings.Waits waits(Section section, LoginThrottleSettings.Waits usual) {
        Duration first = section.duration("login-first-wait", usual.first());
        Duration longest = section.duration("login-longest-wait", usual.longest());
        if (!LoginThrottleSettings.Waits.are(first, longest)) {
            section.fault(
                    "login-first-wait",
                    "\"login-first-wait\" must be above zero and not above \"login-longest-wait\", and that at most 30d");
            return usual;
        }
        return new LoginThrottleSettings.Waits(first, longest);
    }
}
