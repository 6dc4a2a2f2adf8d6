package dev.postern.mailauth.arc;

import dev.postern.dns.Resolver;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.SigningKeys;
import dev.postern.message.MessageHeader;
import java.security.Provider;
import java.time.InstantSource;
import java.util.Optional;

/// Validates the Authenticated Received Chains of messages. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8617 RFC 8617
/// @rfc 8617 §5.2
public final class ArcVerifier {
    private final SigningKeys keys;
    private final DkimSettings settings;
    private final InstantSource clock;

    /// One whose signatures the JDK verifies.
    ///
    /// @param resolver is asked for keys
    public ArcVerifier(Resolver resolver, DkimSettings settings, InstantSource clock) {
        this(resolver, settings, clock, Optional.empty());
    }

    /// @param resolver is asked for keys
    /// @param settings which keys are good, and how wrong clocks may be
    /// @param provider verifies, where it knows the algorithm; else the JDK does, which takes ten
    ///     times as long for Ed25519
    public ArcVerifier(Resolver resolver, DkimSettings settings, InstantSource clock, Optional<Provider> provider) {
        this.keys = new SigningKeys(resolver, settings, provider);
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins with a message. Its whole body is to be shown, then the result can be had; DNS is
    /// asked last, at most twice for each set.
    public ArcVerification begin(MessageHeader header) {
        return new ArcVerification(header, keys, clock.instant(), settings.clockSkew());
    }
}
