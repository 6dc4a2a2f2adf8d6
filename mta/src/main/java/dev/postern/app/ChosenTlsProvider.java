package dev.postern.app;

import dev.postern.app.config.Config;
import dev.postern.tls.TlsProvider;
import java.io.IOException;

/// Who does TLS in a server, by the word of its configuration.
final class ChosenTlsProvider {
    private ChosenTlsProvider() {}

    /// @throws IOException with a sentence, if it is not to be had on this machine
    static TlsProvider of(Config config) throws IOException {
        return switch (config.tls().provider()) {
            case "jsse" -> TlsProvider.jsse();
            case "conscrypt" ->
                TlsProvider.conscrypt()
                        .orElseThrow(() -> new IOException(
                                "tls.provider is conscrypt, but its native library does not load on this machine"));
            default -> TlsProvider.best();
        };
    }
}
