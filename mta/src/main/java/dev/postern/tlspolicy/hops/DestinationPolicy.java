package dev.postern.tlspolicy.hops;

import java.util.List;
import java.util.Set;

/// What the configuration demands of the hosts of one destination.
///
/// @param name how the configuration calls the destination, for decisions
/// @param names those of which a certificate must bear one, for {@link Level#VERIFY} and {@link Level#SECURE}; empty:
///     those that follow from the destination
/// @param fingerprints of certificates or public keys, for {@link Level#FINGERPRINT}
public record DestinationPolicy(String name, Level level, List<String> names, Set<String> fingerprints) {
    /// How much is demanded.
    public enum Level {
        /// No TLS.
        NONE,
        /// TLS where it is offered; what DANE and MTA-STS say does not count.
        MAY,
        /// TLS at least; more where DANE or MTA-STS ask for it.
        ENCRYPT,
        /// A certificate for the name of the host, from somebody who is trusted.
        VERIFY,
        /// A certificate for the name of the destination itself, which no false answer of DNS can change.
        SECURE,
        /// One of these certificates or keys.
        FINGERPRINT,
        /// What DANE and MTA-STS ask for, else TLS where it is offered.
        DANE,
        /// What TLSA records match, and no mail where there are none that can be used.
        DANE_ONLY
    }

    /// @throws IllegalArgumentException if there are fingerprints without being asked for, or none where they are
    public DestinationPolicy {
        names = List.copyOf(names);
        fingerprints = Set.copyOf(fingerprints);
        if (fingerprints.isEmpty() == (level == Level.FINGERPRINT)) {
            throw new IllegalArgumentException(level + " with " + fingerprints.size() + " fingerprints");
        }
        if (!names.isEmpty() && level != Level.VERIFY && level != Level.SECURE) {
            throw new IllegalArgumentException(level + " with names");
        }
    }

    /// A level that needs nothing more.
    public static DestinationPolicy of(String name, Level level) {
        return new DestinationPolicy(name, level, List.of(), Set.of());
    }
}
