package dev.postern.tls;

import dev.postern.crypto.CertificateNames;
import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The certificates that a server shows, and which of them to whom.
///
/// A client that asks for a name (RFC 6066 §3) gets the certificate that names it, else one that covers it by a
/// wildcard, else the one that this server has for its own name, else the first. Where there are several of the
/// same worth, of two kinds of keys, the client gets one that it can check; of two of one kind, the one that
/// lasts longer.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6066 RFC 6066 §3
public final class ShownIdentities {
    private final List<Identity> all;
    private final List<Named> named;
    private final DomainName hostname;

    /// A certificate with its names, which are read once and not for each handshake.
    private record Named(Identity identity, CertificateNames names) {}

    /// @param all at least one
    /// @param hostname of this server
    /// @throws IllegalArgumentException if there is none
    public ShownIdentities(List<Identity> all, DomainName hostname) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no certificate at all");
        }
        this.all = all.stream()
                .sorted(Comparator.comparing((Identity identity) ->
                                identity.chain().getFirst().getNotAfter())
                        .reversed())
                .toList();
        this.named = this.all.stream()
                .map(identity ->
                        new Named(identity, CertificateNames.of(identity.chain().getFirst())))
                .toList();
        this.hostname = hostname;
    }

    /// One for whoever asks.
    public static ShownIdentities only(Identity identity) {
        return new ShownIdentities(List.of(identity), DomainName.of("localhost"));
    }

    /// All of them, the one that lasts longest first.
    public List<Identity> all() {
        return all;
    }

    /// What a client may get: all are equally right for the name, and of kinds that it can check; empty where
    /// it can check none that we have.
    ///
    /// @param name that it asks for; empty where it asks for none
    /// @param checked the kinds that it can check
    List<Identity> candidates(Optional<DomainName> name, Set<KeyKind> checked) {
        List<Predicate<CertificateNames>> worth = List.of(
                names -> name.flatMap(names::covering)
                        .filter(covering -> !covering.wildcard())
                        .isPresent(),
                names -> name.flatMap(names::covering).isPresent(),
                names -> names.covering(hostname).isPresent(),
                names -> true);
        for (Predicate<CertificateNames> test : worth) {
            List<Identity> found = named.stream()
                    .filter(one -> test.test(one.names()))
                    .map(Named::identity)
                    .filter(identity -> kind(identity).filter(checked::contains).isPresent())
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    static Optional<KeyKind> kind(Identity identity) {
        return KeyKind.of(identity.chain().getFirst());
    }
}
