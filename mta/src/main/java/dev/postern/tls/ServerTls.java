package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// The certificates that our listeners show; used by all sessions, replaced as a whole by {@link #show} while they
/// run.
public final class ServerTls {
    private final TlsProvider provider;
    private final AtomicReference<Showing> showing;

    private record Showing(ShownIdentities identities, ChosenKeys keys, SSLContext context) {}

    /// @throws IOException if the provider can show none of them
    public ServerTls(TlsProvider provider, ShownIdentities identities) throws IOException {
        this.provider = provider;
        this.showing = new AtomicReference<>(showing(provider, identities));
    }

    /// With one certificate for whoever asks.
    ///
    /// @throws IOException if the provider cannot show it
    public ServerTls(TlsProvider provider, Identity identity) throws IOException {
        this(provider, ShownIdentities.only(identity));
    }

    /// Shows other certificates to all sessions that start TLS from now on; those that have are not touched.
    ///
    /// @throws IOException if the provider can show none of them; then the old ones stay
    public void show(ShownIdentities identities) throws IOException {
        showing.set(showing(provider, identities));
    }

    /// What is shown now.
    public ShownIdentities shown() {
        return showing.get().identities();
    }

    /// Lays the server's side of TLS 1.2 or 1.3 over a socket, with the certificates of that moment.
    public TlsUpgrade upgrade() {
        return new BoundUpgrade(provider, plain -> {
            Showing now = showing.get();
            now.keys().begin();
            Socket below = provider.takesLastAnswer() ? new OverheardSocket(plain, now.keys()::heard) : plain;
            SSLSocket socket =
                    provider.layer(now.context(), below, plain.getInetAddress().getHostAddress());
            socket.setUseClientMode(false);
            return socket;
        });
    }

    private static Showing showing(TlsProvider provider, ShownIdentities identities) throws IOException {
        if (identities.all().stream()
                .noneMatch(identity -> ShownIdentities.kind(identity)
                        .filter(provider.keyKinds()::contains)
                        .isPresent())) {
            throw new IOException("no certificate can be used for TLS by " + provider.name() + ", which knows keys of "
                    + provider.keyKinds() + ": " + identities.all());
        }
        try {
            ChosenKeys keys = new ChosenKeys(provider, identities, ChallengeIdentities.none());
            return new Showing(identities, keys, provider.context(new KeyManager[] {keys}, null));
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up for " + identities.all() + ": " + e.getMessage(), e);
        }
    }
}
