package dev.postern.mailauth.dkim;

import dev.postern.dns.Resolver;
import dev.postern.message.MessageHeader;
import java.time.InstantSource;

/// Verifies the DKIM-Signatures of messages. Shared by all threads.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6376 RFC 6376
/// @rfc 6376 §6.1
public final class DkimVerifier {
    private final SigningKeys keys;
    private final DkimSettings settings;
    private final InstantSource clock;

    /// @param resolver is asked for keys
    public DkimVerifier(Resolver resolver, DkimSettings settings, InstantSource clock) {
        this.keys = new SigningKeys(resolver, settings);
        this.settings = settings;
        this.clock = clock;
    }

    /// Begins with a message. Its whole body is to be shown, then its results can be had; DNS is
    /// asked last.
    public DkimVerification begin(MessageHeader header) {
        return new DkimVerification(header, keys, settings, clock.instant());
    }
}
