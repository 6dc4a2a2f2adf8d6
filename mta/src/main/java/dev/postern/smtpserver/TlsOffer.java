package dev.postern.smtpserver;

import dev.postern.wire.TlsUpgrade;
import java.util.Optional;

/// What TLS there is at this moment; asked anew by each session, so that a reload reaches the next one.
@FunctionalInterface
public interface TlsOffer {
    /// The server's side of TLS; empty where no certificate is set up.
    Optional<TlsUpgrade> upgrade();

    /// No TLS at all.
    static TlsOffer none() {
        return Optional::empty;
    }
}
