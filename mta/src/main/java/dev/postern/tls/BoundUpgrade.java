package dev.postern.tls;

import dev.postern.wire.ChannelBindings;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsState;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// An upgrade that knows the channel bindings of the connections it has secured, and what their certificates prove.
///
/// Deviates: RFC 9266 §4.2 lets TLS 1.2 have tls-exporter where the extended master secret was agreed on; neither
/// provider tells whether it was, so only TLS 1.3 has it.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9266 RFC 9266 §2
record BoundUpgrade(TlsProvider provider, Layering layering, CertificateCheck check) implements TlsUpgrade {
    private static final String EXPORTER_LABEL = "EXPORTER-Channel-Binding";
    private static final int EXPORTER_OCTETS = 32;
    private static final String TLS_1_3 = "TLSv1.3";

    /// An upgrade that looks at no certificate: that of a listener.
    BoundUpgrade(TlsProvider provider, Layering layering) {
        this(provider, layering, CertificateCheck.none());
    }

    /// How TLS is laid over a socket.
    interface Layering {
        SSLSocket layer(Socket plain) throws IOException;
    }

    @Override
    public SSLSocket layer(Socket plain) throws IOException {
        return layering.layer(plain);
    }

    @Override
    public PeerCheck check(SSLSocket secured) {
        return secured.getUseClientMode()
                ? check.check(TlsState.peerChain(secured.getSession()))
                : new PeerCheck.NotLooked(); // our listeners ask nobody for a certificate
    }

    @Override
    public Optional<String> group(SSLSocket secured) {
        return provider.group(secured);
    }

    @Override
    public ChannelBindings bindings(SSLSocket secured) {
        return type -> switch (type) {
            case TLS_SERVER_END_POINT -> serverCertificate(secured).flatMap(ServerEndPoint::hash);
            case TLS_EXPORTER ->
                secured.getSession().getProtocol().equals(TLS_1_3)
                        ? provider.export(secured, EXPORTER_LABEL, EXPORTER_OCTETS)
                        : Optional.empty();
        };
    }

    private static Optional<X509Certificate> serverCertificate(SSLSocket secured) {
        SSLSession session = secured.getSession();
        if (secured.getUseClientMode()) {
            return TlsState.peerChain(session).stream().findFirst();
        }
        Certificate @Nullable [] own = session.getLocalCertificates();
        return own != null && own.length > 0 && own[0] instanceof X509Certificate certificate
                ? Optional.of(certificate)
                : Optional.empty();
    }
}
