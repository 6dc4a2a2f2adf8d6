package dev.postern.tls;

import dev.postern.wire.ChannelBindings;
import dev.postern.wire.PeerCheck;
import dev.postern.wire.TlsUpgrade;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
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

    /// An upgrade that looks at no certificate.
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
        return check.check(peerChain(secured));
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

    private static List<X509Certificate> peerChain(SSLSocket secured) {
        try {
            return Arrays.stream(secured.getSession().getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return List.of(); // the exception is how the session says "none"
        }
    }

    private static Optional<X509Certificate> serverCertificate(SSLSocket secured) {
        SSLSession session = secured.getSession();
        try {
            Certificate @Nullable [] chain =
                    secured.getUseClientMode() ? session.getPeerCertificates() : session.getLocalCertificates();
            return chain != null && chain.length > 0 && chain[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return Optional.empty(); // the exception is how the session says "none"
        }
    }
}
