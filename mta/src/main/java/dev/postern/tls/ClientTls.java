package dev.postern.tls;

import dev.postern.crypto.Identity;
import dev.postern.dns.DomainName;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// TLS towards other servers, shared by all attempts. The handshake takes any certificate; what it proves is looked
/// at afterwards, by a {@link CertificateCheck}.
///
/// Sessions are resumed across connections with the same server name and port. A resumed one brings back the
/// certificates that were shown when it began, and they are checked as if they were shown anew, so that no connection
/// is trusted for what another one was allowed. With a server that was checked in vain nothing is resumed for a while.
public final class ClientTls {
    private final TlsProvider provider;
    private final TrustedRoots roots;
    private final TlsVersion oldest;
    private final ResumableSessions sessions;

    /// @param roots the certificates that {@link #roots} trusts; none for the JDK's
    /// @throws IOException if the provider does not start
    public ClientTls(TlsProvider provider, Collection<X509Certificate> roots) throws IOException {
        this(provider, TrustedRoots.of(roots));
    }

    /// @throws IOException if the provider does not start
    public ClientTls(TlsProvider provider, TrustedRoots roots) throws IOException {
        this(provider, roots, Manner.usual());
    }

    private ClientTls(TlsProvider provider, TrustedRoots roots, Manner manner) throws IOException {
        this.provider = provider;
        this.roots = roots;
        this.oldest = manner.oldest();
        try {
            KeyManager @Nullable [] keys = manner.certificate().isPresent()
                    ? keysOf(manner.certificate().get())
                    : null;
            sessions = new ResumableSessions(() -> context(provider, keys));
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(TlsProvider provider, KeyManager @Nullable [] keys)
            throws GeneralSecurityException {
        SSLContext context = provider.context(keys, new TrustManager[] {new AnyCertificate()});
        SSLSessionContext kept = context.getClientSessionContext();
        kept.setSessionCacheSize(ResumableSessions.MOST);
        kept.setSessionTimeout((int) ResumableSessions.AGE.toSeconds());
        return context;
    }

    /// What is particular about the handshakes with some servers.
    ///
    /// @param oldest the oldest version that is agreed on
    /// @param certificate the one that we show where the server asks for one
    public record Manner(TlsVersion oldest, Optional<Identity> certificate) {
        /// TLS 1.2 or 1.3, and no certificate.
        public static Manner usual() {
            return new Manner(TlsVersion.TLS_1_2, Optional.empty());
        }
    }

    /// The same, in another manner; no session of this one is resumed there.
    ///
    /// @throws IOException if the provider does not know the version, or does not take the key
    public ClientTls in(Manner manner) throws IOException {
        TlsProvider able = manner.oldest().isOld()
                ? provider.withOldVersions()
                        .orElseThrow(() -> new IOException("TLS " + manner.oldest()
                                + " is not to be had from the TLS provider " + provider.name()))
                : provider;
        return new ClientTls(able, roots, manner);
    }

    /// Those who are trusted to issue certificates.
    public TrustedRoots roots() {
        return roots;
    }

    /// Lays TLS over a socket whatever certificate the server shows: opportunistic encryption (RFC
    /// 7435).
    ///
    /// @param serverName the name for SNI; an address literal sends none
    public TlsUpgrade unverified(String serverName) {
        return checked(serverName, CertificateCheck.none());
    }

    /// Lays TLS over a socket whatever certificate the server shows, and tells what a check says of it.
    ///
    /// @param serverName the name for SNI; an address literal sends none
    public TlsUpgrade checked(String serverName, CertificateCheck check) {
        return new BoundUpgrade(provider, plain -> client(plain, serverName), chain -> {
            PeerCheck found = check.check(chain);
            sessions.shown(serverName, chain, found instanceof PeerCheck.Unproven);
            return found;
        });
    }

    private static KeyManager[] keysOf(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client", identity.key(), new char[0], identity.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private SSLContext contextFor(String serverName) throws IOException {
        try {
            return sessions.contextFor(serverName);
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private SSLSocket client(Socket plain, String serverName) throws IOException {
        SSLSocket socket = provider.layer(contextFor(serverName), plain, serverName);
        socket.setUseClientMode(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(oldest.andNewer().toArray(String[]::new));
        Optional<DomainName> name = DomainName.parse(serverName)
                .filter(DomainName::isHostName)
                .filter(host -> host.text().chars().anyMatch(c -> c >= 'a'));
        parameters.setServerNames(name.map(host -> List.<SNIServerName>of(new SNIHostName(host.text())))
                .orElse(List.of()));
        socket.setSSLParameters(parameters);
        return socket;
    }
}
