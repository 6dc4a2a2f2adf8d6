package dev.postern.acme;

import dev.postern.crypto.SelfSigned;
import dev.postern.dns.DomainName;
import dev.postern.queue.BackOff;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Which certificates we want, and from whom.
///
/// @param names that each certificate is for, at least one, the first names its file
/// @param keys a certificate for each of these kinds, at least one
public record AcmeSettings(
        Authority authority, List<DomainName> names, List<SelfSigned.Kind> keys, ChallengeKind challenge, Pace pace) {
    /// What an authority takes into one certificate at most, as most do.
    public static final int MOST_NAMES = 100;

    /// @throws IllegalArgumentException if there is no name, too many, or no kind of key
    public AcmeSettings {
        names = List.copyOf(names);
        keys = List.copyOf(keys);
        if (names.isEmpty() || names.size() > MOST_NAMES || keys.isEmpty()) {
            throw new IllegalArgumentException(names.size() + " names, " + keys.size() + " kinds of keys");
        }
    }

    /// The authority, whose terms of service the administrator has accepted.
    ///
    /// @param directory its address, https
    /// @param contacts `mailto:` addresses that it may write to
    /// @param external ties our account to one that the administrator has there; empty: not needed
    /// @param roots trusted for its address in place of the JDK's; empty: the JDK's
    public record Authority(
            URI directory, List<URI> contacts, Optional<ExternalAccount> external, List<X509Certificate> roots) {
        public Authority {
            contacts = List.copyOf(contacts);
            roots = List.copyOf(roots);
        }
    }

    /// An account that the administrator has at the authority (RFC 8555 §7.3.4).
    ///
    /// @param keyId as the authority has given it
    /// @param macKey its secret, base64url
    public record ExternalAccount(String keyId, String macKey) {
        /// Without the secret.
        @Override
        public String toString() {
            return "ExternalAccount[" + keyId + "]";
        }
    }

    /// How often the authority is bothered.
    ///
    /// @param ordersADay at most
    /// @param waits after orders that came to nothing
    public record Pace(int ordersADay, BackOff waits) {
        /// @throws IllegalArgumentException if no order is allowed
        public Pace {
            if (ordersADay < 1) {
                throw new IllegalArgumentException("orders a day: " + ordersADay);
            }
        }

        /// A first wait that grows threefold up to half a day, spread by a fifth.
        public static BackOff waits(Duration first) {
            Duration most = Duration.ofHours(12);
            return new BackOff(first, 3, first.compareTo(most) > 0 ? first : most, 0.2);
        }
    }
}
