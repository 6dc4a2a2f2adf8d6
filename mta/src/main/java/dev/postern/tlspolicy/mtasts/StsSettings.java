package dev.postern.tlspolicy.mtasts;

import java.time.Duration;

/// How MTA-STS policies are looked for, and the bounds of that.
///
/// @param port of the hosts that have the policies, 1 to 65535; 443 on the Internet
/// @param patience how long one look-up waits for a file to be fetched, zero or above; the fetch goes on behind it
/// @param waiting look-ups that wait at once, 1 to 10,000; more do not wait
/// @param fetches under way at once, 2 to 1,000
/// @param domains whose policies are kept, 1 to 1,000,000; beyond that those go that were asked for the longest ago
public record StsSettings(int port, Duration patience, int waiting, int fetches, int domains) {
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_PORTS = 65_535;
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_FETCHES = 1_000;
    private static final int MOST_DOMAINS = 1_000_000;

    /// @throws IllegalArgumentException if a bound is out of its range
    public StsSettings {
        if (port < 1
                || port > MOST_PORTS
                || patience.isNegative()
                || waiting < 1
                || waiting > MOST_WAITING
                || fetches < 2
                || fetches > MOST_FETCHES
                || domains < 1
                || domains > MOST_DOMAINS) {
            throw new IllegalArgumentException("port " + port + ", " + patience + ", " + waiting + " waiting, "
                    + fetches + " fetches, " + domains + " domains");
        }
    }

    /// Port 443, 10 seconds, 100 waiting, 50 fetches, 10,000 domains.
    public static StsSettings usual() {
        return new StsSettings(PolicyHost.HTTPS, USUAL_PATIENCE, 100, 50, 10_000);
    }
}
