package dev.postern.accounts;

import java.time.Duration;

/// How many logins may fail, and for how long nobody may try after that.
///
/// @param failures until it is closed
/// @param waits how long it is closed then
public record LoginThrottleSettings(Failures failures, Waits waits) {
    /// How many tries may fail before the next one has to wait.
    ///
    /// @param perAddress of one IPv4 address, or one IPv6 network of 64 bits
    /// @param perNetwork of one IPv4 network of 24 bits, or one IPv6 network of 56 bits
    /// @param perAccount of one user name, from anywhere
    /// @param perAccountAndNetwork of one user name from one such network
    public record Failures(int perAddress, int perNetwork, int perAccount, int perAccountAndNetwork) {
        /// @throws IllegalArgumentException if one is below 1
        public Failures {
            if (perAddress < 1 || perNetwork < 1 || perAccount < 1 || perAccountAndNetwork < 1) {
                throw new IllegalArgumentException("a limit below 1");
            }
        }
    }

    /// How long the wait is, which doubles with each further failure.
    ///
    /// @param first the first wait, more than nothing
    /// @param longest the longest, not below the first, at most 30 days
    public record Waits(Duration first, Duration longest) {
        private static final Duration MOST = Duration.ofDays(30);

        /// Whether two times are waits.
        public static boolean are(Duration first, Duration longest) {
            return first.isPositive() && first.compareTo(longest) <= 0 && longest.compareTo(MOST) <= 0;
        }

        /// @throws IllegalArgumentException if they are out of order or too long
        public Waits {
            if (!are(first, longest)) {
                throw new IllegalArgumentException("waits from " + first + " to " + longest);
            }
        }
    }

    /// 10 failures of an address and of a user from one network, 50 of a network, 100 of a user; 1 minute to 1 hour.
    public static LoginThrottleSettings byDefault() {
        return new LoginThrottleSettings(
                new Failures(10, 50, 100, 10), new Waits(Duration.ofMinutes(1), Duration.ofHours(1)));
    }
}
