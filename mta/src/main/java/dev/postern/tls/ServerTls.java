package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// The certificate that our listeners show; used by all sessions, replaced as a whole by {@link
/// #show} while they run.
public final class ServerTls {
    private final TlsProvider provider;
    private final AtomicReference<SSLContext> context;

    /// @throws IOException if the provider does not take the key
    public ServerTls(TlsProvider provider, Identity identity) throws IOException {
        this.provider = provider;
        this.context = new AtomicReference<>(contextOf(provider, identity));
    }

    /// Shows another certificate to all sessions that start TLS from now on.
    ///
    /// @throws IOException if the provider does not take the key; then the old one stays
    public void show(Identity identity) throws IOException {
        context.set(contextOf(provider, identity));
    }

    /// Lays the server's side of TLS 1.2 or 1.3 over a socket, with the certificate of that moment.
    public TlsUpgrade upgrade() {
        return new BoundUpgrade(provider, plain -> {
            SSLSocket socket =
                    provider.layer(context.get(), plain, plain.getInetAddress().getHostAddress());
            socket.setUseClientMode(false);
            return socket;
        });
    }

    private static SSLContext contextOf(TlsProvider provider, Identity identity) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "postern", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            return provider.context(keys.getKeyManagers(), null);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key of " + identity + " cannot be used for TLS: " + e.getMessage(), e);
        }
    }
}
