package dev.postern.guard;

import java.time.Duration;

/// Why a client does not get now what it asks for.
public sealed interface Denial {
    /// It is not let in at all for some time.
    ///
    /// @param appeal whom the client's administrator may ask
    record Banned(Ban ban, String appeal) implements Denial {}

    /// It has had as much as there is within a time.
    ///
    /// @param whose counts are full
    /// @param limit within the demand's period
    /// @param delay until there is some again
    record TooMuch(Demand demand, Scope whose, long limit, Duration delay) implements Denial {}

    /// What is counted together.
    enum Scope {
        /// One IPv4 address, or one IPv6 network of 64 bits.
        ADDRESS("address"),
        /// One IPv4 network of 24 bits, or one IPv6 site of 56 bits.
        NETWORK("network"),
        /// One user who has logged in.
        USER("user");

        private final String label;

        Scope(String label) {
            this.label = label;
        }

        /// The word in log and reply.
        public String label() {
            return label;
        }
    }
}
