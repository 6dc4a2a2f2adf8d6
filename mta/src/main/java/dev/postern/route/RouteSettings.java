package dev.postern.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How mail for other domains leaves.
///
/// @param rules which mail goes through which host; of several that match, the one for the recipient's domain decides,
/// then the one for the sender's domain, then the one for all; among domains the closest
/// @param fallback the host to try when no exchanger of a domain can be connected to
/// @param port the port of exchangers, usually 25
/// @param ports other ports of the exchangers of some domains
public record RouteSettings(
        List<SmarthostRule> rules, Optional<SmarthostSettings> fallback, int port, Map<DomainPattern, Integer> ports) {
    /// The port of mail exchangers (RFC 5321 §4.5.4.2).
    public static final int SMTP_PORT = 25;

    private static final int MAX_PORT = 0xFFFF;

    /// @throws IllegalArgumentException if a port is none
    public RouteSettings {
        rules = List.copyOf(rules);
        ports = Map.copyOf(ports);
        check(port);
        ports.values().forEach(RouteSettings::check);
    }

    /// Everything directly, by MX and port 25.
    public static RouteSettings direct() {
        return new RouteSettings(List.of(), Optional.empty(), SMTP_PORT, Map.of());
    }

    private static void check(int port) {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port);
        }
    }
}
