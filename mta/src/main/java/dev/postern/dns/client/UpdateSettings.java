package dev.postern.dns.client;

import dev.postern.dns.DomainName;
import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.List;

/// Which server takes changes of which zones, and how it knows that they are ours.
///
/// @param server the primary name server, asked by TCP
/// @param zones the apex of each zone that it lets us change, at least one
/// @param patience how long one update may take, above 0
public record UpdateSettings(Endpoint.Inet server, List<DomainName> zones, TsigKey key, Duration patience) {
    /// @throws IllegalArgumentException if there is no zone, or no time
    public UpdateSettings {
        zones = List.copyOf(zones);
        if (zones.isEmpty() || !patience.isPositive()) {
            throw new IllegalArgumentException(zones.size() + " zones, " + patience);
        }
    }
}
