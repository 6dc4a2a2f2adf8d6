package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.wire.TlsUpgrade;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// A server that shows certificates as they are given, however odd their order.
public final class ShowingServer {
    private ShowingServer() {}

    /// Lays its side over a socket.
    ///
    /// @param protocols the versions that it knows
    public static TlsUpgrade upgrade(TlsProvider provider, Identity identity, String... protocols) {
        return upgrade(provider, () -> identity, protocols);
    }

    /// The same, where the certificate may be another one from the next handshake on.
    static TlsUpgrade upgrade(TlsProvider provider, Supplier<Identity> shown, String... protocols) {
        try {
            SSLContext context = provider.context(new KeyManager[] {new Showing(shown)}, null);
            return plain -> {
                SSLSocket socket = provider.layer(context, plain, "client");
                socket.setUseClientMode(false);
                socket.setEnabledProtocols(protocols);
                return socket;
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Showing extends X509ExtendedKeyManager {
        private final Supplier<Identity> shown;

        private Showing(Supplier<Identity> shown) {
            this.shown = shown;
        }

        private @Nullable String alias(String keyType) {
            return keyType.startsWith(shown.get().key().getAlgorithm()) ? "it" : null;
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
            return null;
        }

        @Override
        public @Nullable String chooseClientAlias(
                String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
            String alias = alias(keyType);
            return alias == null ? null : new String[] {alias};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return shown.get().chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return shown.get().key();
        }
    }
}
