package dev.postern.zonerecords;

import java.net.InetAddress;
import java.util.Set;

/// The addresses of this machine that others could reach it by.
///
/// @param all none where they are not known, such as behind a translator of addresses
public record LocalAddresses(Set<InetAddress> all) {
    public LocalAddresses {
        all = Set.copyOf(all);
    }

    /// Nothing is known.
    public static LocalAddresses unknown() {
        return new LocalAddresses(Set.of());
    }
}
