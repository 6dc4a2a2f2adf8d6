package dev.postern.web;

import dev.postern.wire.Endpoint;
import java.time.Duration;
import java.util.List;

/// Where our web server listens, and what it gives to one client.
///
/// @param http addresses without TLS
/// @param https addresses where TLS comes first
public record WebServerSettings(List<Endpoint.Inet> http, List<Endpoint.Inet> https, Bounds bounds) {
    public WebServerSettings {
        http = List.copyOf(http);
        https = List.copyOf(https);
    }

    /// Its bounds.
    ///
    /// @param connections at once in all; others wait until one has gone
    /// @param headerOctets of a request
    /// @param silence after which a client is dropped
    /// @param time after which it is dropped whatever it does
    public record Bounds(int connections, int headerOctets, Duration silence, Duration time) {
        /// Far more than an authority or a mail server needs.
        public static Bounds usual() {
            return new Bounds(200, 8 * 1024, Duration.ofSeconds(10), Duration.ofSeconds(30));
        }
    }

    /// With the usual bounds.
    public static WebServerSettings at(List<Endpoint.Inet> http, List<Endpoint.Inet> https) {
        return new WebServerSettings(http, https, Bounds.usual());
    }

    /// Whether it listens nowhere.
    public boolean isEmpty() {
        return http.isEmpty() && https.isEmpty();
    }
}
