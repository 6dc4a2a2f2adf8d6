package dev.postern.smtpserver;

import dev.postern.policy.ListenerRole;
import java.util.EnumMap;
import java.util.Map;

/// How many sessions there may be at once.
///
/// @param inAll in all
/// @param perListener at the listeners of a role; as many as in all for a role that is not in it
/// @param perOrigin from one place
public record CensusLimits(int inAll, Map<ListenerRole, Integer> perListener, PerOrigin perOrigin) {
    /// How many may come from one place.
    ///
    /// @param address one IPv4 address, or one IPv6 network of 64 bits, whose addresses any host in it may take at
    ///     will (RFC 4291 §2.5.4)
    /// @param network one IPv4 network of 24 bits, or one IPv6 site of 56 bits (RFC 6177)
    /// @param region one IPv4 network of 16 bits, or one IPv6 network of 48 bits
    public record PerOrigin(int address, int network, int region) {
        /// @throws IllegalArgumentException if one is below 1
        public PerOrigin {
            if (address < 1 || network < 1 || region < 1) {
                throw new IllegalArgumentException("a limit below 1");
            }
        }
    }

    /// @throws IllegalArgumentException if one is below 1
    public CensusLimits {
        perListener = Map.copyOf(perListener);
        if (inAll < 1 || perListener.values().stream().anyMatch(limit -> limit < 1)) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /// Limits in all and for an address only.
    public static CensusLimits of(int inAll, int perAddress) {
        return new CensusLimits(inAll, Map.of(), new PerOrigin(perAddress, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }

    /// How many sessions the listeners of a role may have.
    public int of(ListenerRole role) {
        return Math.min(inAll, perListener.getOrDefault(role, inAll));
    }

    /// The same with at most so many in all, of which each listener has the part that it had before.
    ///
    /// @param most 1 or more
    public CensusLimits within(int most) {
        if (most >= inAll) {
            return this;
        }
        Map<ListenerRole, Integer> parts = new EnumMap<>(ListenerRole.class);
        perListener.forEach((role, limit) -> parts.put(role, Math.clamp((long) limit * most / inAll, 1, most)));
        return new CensusLimits(most, parts, perOrigin);
    }
}
