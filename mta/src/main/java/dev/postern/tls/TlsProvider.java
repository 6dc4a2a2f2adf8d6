package dev.postern.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/// Which implementation does the TLS work: Conscrypt where its native library loads, else the JDK's
/// own.
///
/// @param name `conscrypt` or `jsse`
/// @param provider the security provider, empty for the JDK's
public record TlsProvider(String name, Optional<Provider> provider) {
    /// Sessions of a server's side that are kept for those who come again without a ticket.
    static final int SESSIONS = 2_000;

    /// How long a session can be gone on with: an hour, in seconds (RFC 9325 §3.4).
    static final int SESSION_TIME = 3_600;

    private static final LentBuffers BUFFERS = new LentBuffers();

    /// The JDK's own implementation.
    public static TlsProvider jsse() {
        return new TlsProvider("jsse", Optional.empty());
    }

    /// Conscrypt, if its native library loads on this machine.
    public static Optional<TlsProvider> conscrypt() {
        try {
            if (!Conscrypt.isAvailable()) {
                return Optional.empty();
            }
            Conscrypt.setDefaultBufferAllocator(BUFFERS);
            return Optional.of(new TlsProvider("conscrypt", Optional.of(Conscrypt.newProvider())));
        } catch (LinkageError noNativeLibrary) {
            return Optional.empty(); // what cannot be loaded is not available: the JDK's provider serves
        }
    }

    /// The same, able to agree on TLS 1.0 and 1.1 too; empty if it cannot.
    ///
    /// The JDK's has them switched off for the whole process (`jdk.tls.disabledAlgorithms`), and one destination is
    /// no reason to change that.
    public Optional<TlsProvider> withOldVersions() {
        return provider.map(current -> new TlsProvider(
                name,
                Optional.of(Conscrypt.newProviderBuilder()
                        .isTlsV1Deprecated(false)
                        .isTlsV1Enabled(true)
                        .build())));
    }

    /// The fastest that works here.
    public static TlsProvider best() {
        return conscrypt().orElseGet(TlsProvider::jsse);
    }

    /// The kinds of keys that a server can show by it.
    Set<KeyKind> keyKinds() {
        return provider.isPresent() ? EnumSet.of(KeyKind.ECDSA, KeyKind.RSA) : EnumSet.allOf(KeyKind.class);
    }

    /// Whether it asks for every kind of key and shows the last that it gets, instead of the first.
    boolean takesLastAnswer() {
        return provider.isPresent();
    }

    SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust) throws GeneralSecurityException {
        SSLContext context =
                provider.isPresent() ? SSLContext.getInstance("TLS", provider.get()) : SSLContext.getInstance("TLS");
        context.init(keys, trust, new SecureRandom());
        SSLSessionContext sessions = context.getServerSessionContext();
        sessions.setSessionCacheSize(SESSIONS);
        sessions.setSessionTimeout(SESSION_TIME);
        return context;
    }

    /// A TLS socket over a plain one, by which an earlier session can be gone on with; with Conscrypt it is its engine
    /// socket, which blocks a virtual thread without pinning its carrier.
    SSLSocket layer(SSLContext context, Socket plain, String peerHost) throws IOException {
        SSLSocketFactory factory = context.getSocketFactory();
        if (provider.isPresent()) {
            Conscrypt.setUseEngineSocket(factory, true);
        }
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, peerHost, plain.getPort(), true);
        socket.setEnabledProtocols(TlsVersion.TLS_1_2.andNewer().toArray(String[]::new));
        if (provider.isPresent()) {
            Conscrypt.setUseSessionTickets(socket, true); // without them nothing is resumed in TLS 1.3 (RFC 8446 §2.2)
        }
        return socket;
    }

    /// Octets that only the two ends of a connection can make (RFC 5705 §4, RFC 8446 §7.5); empty where the
    /// implementation makes none. The context is empty.
    Optional<byte[]> export(SSLSocket secured, String label, int octets) {
        try {
            return provider.isPresent()
                    ? Optional.ofNullable(Conscrypt.exportKeyingMaterial(secured, label, new byte[0], octets))
                    : exportByJdk(secured.getSession(), label, octets);
        } catch (SSLException | UnsupportedOperationException unable) {
            return Optional.empty(); // the exception is how the implementation says "not on this connection"
        }
    }

    /// The group of the key exchange of a finished handshake, such as `X25519MLKEM768`; empty where the
    /// implementation does not tell.
    Optional<String> group(SSLSocket secured) {
        return provider.isPresent() ? Optional.ofNullable(Conscrypt.getGroupName(secured)) : Optional.empty();
    }

    private static Optional<byte[]> exportByJdk(SSLSession session, String label, int octets) throws SSLException {
        return session instanceof ExtendedSSLSession extended
                ? Optional.of(extended.exportKeyingMaterialData(label, new byte[0], octets))
                : Optional.empty();
    }
}
