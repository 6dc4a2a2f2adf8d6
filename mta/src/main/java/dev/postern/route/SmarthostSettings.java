package dev.postern.route;

import dev.postern.smtp.Host;
import java.util.Optional;

/// A host that takes our mail, whoever the recipient is.
///
/// @param name its name in the configuration
/// @param host where it is; a domain is looked up by A and AAAA only
/// @param port 1 to 65535
/// @param tls how the connection is encrypted
/// @param login the name and secret to authenticate with, only ever sent under TLS
public record SmarthostSettings(String name, Host host, int port, Tls tls, Optional<Login> login) {
    /// How a connection to a given host is encrypted.
    public enum Tls {
        /// STARTTLS where offered, the certificate is not looked at.
        OPPORTUNISTIC,
        /// STARTTLS or nothing, the certificate must be valid for the host.
        STARTTLS,
        /// TLS from the first octet, the certificate must be valid for the host (RFC 8314 §3.3).
        IMPLICIT
    }

    /// A name and its secret.
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    /// @throws IllegalArgumentException if the port is none, or a login would go out in the clear
    public SmarthostSettings {
        if (port < 1 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port);
        }
        if (login.isPresent() && tls == Tls.OPPORTUNISTIC) {
            throw new IllegalArgumentException("a login needs required TLS");
        }
    }

    /// Whether the host must prove by its certificate that it is the one.
    public boolean mustBeProven() {
        return tls != Tls.OPPORTUNISTIC;
    }
}
