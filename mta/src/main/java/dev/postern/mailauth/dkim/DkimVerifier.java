package dev.postern.mailauth.dkim;

import dev.postern.dns.Resolver;
import dev.postern.message.MessageHeader;
import java.security.Provider;
import java.time.InstantSource;
import java.util.Optional;

/// Verifies the DKIM-Signatures of messages. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6376 RFC 6376
/// @rfc 6376 §6.1
public final class DkimVerifier {
    private final SigningKeys keys;
    private final DkimSettings settings;
    private final InstantSource clock;

    /// One whose signatures the JDK verifies.
    ///
    /// @param resolver is asked for keys
    public DkimVerifier(Resolver resolver, DkimSettings settings, InstantSource clock) {
        this(resolver, settings, clock, Optional.empty());
    }

    /// @param resolver is asked for keys
    /// @param provider verifies, where it knows the algorithm; else the JDK does, which takes ten
    ///     times as long for Ed25519
    public DkimVerifier(Resolver resolver, DkimSettings settings, InstantSource clock, Optional<Provider> provider) {
        this.keys = new SigningKeys(resolver, settings, provider);
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins with a message. Its whole body is to be shown, then its results can be had; DNS is
    /// asked last.
    public DkimVerification begin(MessageHeader header) {
        return new DkimVerification(header, keys, settings, clock.instant());
    }
}
