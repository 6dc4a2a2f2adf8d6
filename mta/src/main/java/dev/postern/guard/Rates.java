package dev.postern.guard;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// How much clients and users get within the period of each demand; 0: any number.
///
/// @param clients what strangers get
/// @param users what a user who has logged in gets; nothing said: any number
public record Rates(Map<Demand, Rate> clients, Map<Demand, Long> users) {
    private static final long THOUSAND = 1000;

    /// What one kind of thing there is of.
    ///
    /// @param perAddress for one IPv4 address, or one IPv6 network of 64 bits
    /// @param perNetwork for one IPv4 network of 24 bits, or one IPv6 site of 56 bits
    public record Rate(long perAddress, long perNetwork) {
        /// @throws IllegalArgumentException if one is below 0
        public Rate {
            if (perAddress < 0 || perNetwork < 0) {
                throw new IllegalArgumentException("a limit below 0");
            }
        }
    }

    /// @throws IllegalArgumentException if a demand has no rate, or a limit is below 0
    public Rates {
        clients = Map.copyOf(clients);
        users = Map.copyOf(users);
        if (clients.size() < Demand.values().length || users.values().stream().anyMatch(limit -> limit < 0)) {
            throw new IllegalArgumentException("not a rate for each demand: " + clients + " " + users);
        }
    }

    /// What no server with honest mail comes near to, and what one flood stays below.
    public static Rates byDefault() {
        Map<Demand, Rate> clients = new EnumMap<>(Demand.class);
        for (Demand demand : Demand.values()) {
            long perAddress = usual(demand);
            clients.put(demand, new Rate(perAddress, 3 * perAddress));
        }
        return new Rates(clients, Map.of(Demand.MESSAGES, THOUSAND, Demand.RECIPIENTS, 5 * THOUSAND));
    }

    private static long usual(Demand demand) {
        return switch (demand) {
            case SESSIONS, HANDSHAKES -> 600;
            case MESSAGES -> 20 * THOUSAND;
            case RECIPIENTS -> 100 * THOUSAND;
            case OCTETS -> 10L << 30;
            case UNKNOWN_RECIPIENTS, FAILED_COMMANDS -> THOUSAND;
        };
    }

    /// What strangers get.
    public Rate of(Demand demand) {
        return Objects.requireNonNull(clients.get(demand));
    }

    /// What a user gets; 0: any number.
    long ofUser(Demand demand) {
        return users.getOrDefault(demand, 0L);
    }
}
