package dev.postern.mailauth.arc;

import dev.postern.dns.Resolver;
import dev.postern.mailauth.dkim.DkimSettings;
import dev.postern.mailauth.dkim.SigningKeys;
import dev.postern.message.MessageHeader;
import java.time.InstantSource;

/// Validates the Authenticated Received Chains of messages. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8617 RFC 8617
/// @rfc 8617 §5.2
public final class ArcVerifier {
    private final SigningKeys keys;
    private final DkimSettings settings;
    private final InstantSource clock;

    /// @param resolver is asked for keys
    /// @param settings which keys are good, and how wrong clocks may be
    public ArcVerifier(Resolver resolver, DkimSettings settings, InstantSource clock) {
        this.keys = new SigningKeys(resolver, settings);
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins with a message. Its whole body is to be shown, then the result can be had; DNS is
    /// asked last, at most twice for each set.
    public ArcVerification begin(MessageHeader header) {
        return new ArcVerification(header, keys, clock.instant(), settings.clockSkew());
    }
}
