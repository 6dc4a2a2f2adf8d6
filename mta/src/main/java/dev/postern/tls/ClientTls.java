package dev.postern.tls;

import dev.postern.dns.DomainName;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// TLS towards other servers: with any certificate, against listeners-in only, or with one that is
/// valid for the server's name. Shared by all attempts.
public final class ClientTls {
    private final TlsProvider provider;
    private final SSLContext trustingAll;
    private final SSLContext verifying;

    /// @param roots the certificates that verified connections trust; empty for the JDK's
    /// @throws IOException if the provider does not start
    public ClientTls(TlsProvider provider, List<X509Certificate> roots) throws IOException {
        this.provider = provider;
        try {
            trustingAll = provider.context(null, new TrustManager[] {new AnyCertificate()});
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(storeOf(roots));
            verifying = provider.context(null, factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    /// Lays TLS over a socket whatever certificate the server shows: opportunistic encryption (RFC
    /// 7435).
    ///
    /// @param serverName the name for SNI; an address literal sends none
    public TlsUpgrade unverified(String serverName) {
        return new BoundUpgrade(provider, plain -> client(trustingAll, plain, serverName, null));
    }

    /// Lays TLS over a socket whatever certificate the server shows, and tells what a check says of it.
    ///
    /// @param serverName the name for SNI; an address literal sends none
    public TlsUpgrade checked(String serverName, CertificateCheck check) {
        return new BoundUpgrade(provider, plain -> client(trustingAll, plain, serverName, null), check);
    }

    /// Lays TLS over a socket and fails the handshake unless the certificate is trusted and valid
    /// for the name (RFC 9525).
    ///
    /// @param serverName the name to check and to send as SNI
    public TlsUpgrade verified(String serverName) {
        return new BoundUpgrade(provider, plain -> client(verifying, plain, serverName, "HTTPS"));
    }

    private SSLSocket client(
            SSLContext context, java.net.Socket plain, String serverName, @Nullable String identification)
            throws IOException {
        SSLSocket socket = provider.layer(context, plain, serverName);
        socket.setUseClientMode(true);
        SSLParameters parameters = socket.getSSLParameters();
        Optional<DomainName> name = DomainName.parse(serverName)
                .filter(DomainName::isHostName)
                .filter(host -> host.text().chars().anyMatch(c -> c >= 'a'));
        parameters.setServerNames(name.map(host -> List.<javax.net.ssl.SNIServerName>of(new SNIHostName(host.text())))
                .orElse(List.of()));
        if (identification != null) {
            parameters.setEndpointIdentificationAlgorithm(identification);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static @Nullable KeyStore storeOf(List<X509Certificate> roots)
            throws GeneralSecurityException, IOException {
        if (roots.isEmpty()) {
            return null;
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (int i = 0; i < roots.size(); i++) {
            store.setCertificateEntry("root" + i, roots.get(i));
        }
        return store;
    }
}
