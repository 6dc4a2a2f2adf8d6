package dev.postern.wire;

import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// What a finished TLS handshake agreed on.
///
/// @param protocol such as `TLSv1.3`
/// @param cipher such as `TLS_AES_256_GCM_SHA384`
/// @param group that of the key exchange, such as `X25519MLKEM768`; empty where nobody tells
/// @param session the session, for certificates
/// @param bindings what ties an authentication to this connection
/// @param peer what the certificate of the other side proves
public record TlsState(
        String protocol,
        String cipher,
        Optional<String> group,
        SSLSession session,
        ChannelBindings bindings,
        PeerCheck peer) {
    /// A handshake that nothing is bound to, and in which nobody looked at a certificate.
    public TlsState(String protocol, String cipher, SSLSession session) {
        this(protocol, cipher, Optional.empty(), session, ChannelBindings.none(), new PeerCheck.NotLooked());
    }

    /// The certificates that the other side has shown, its own first; empty where it has shown none.
    public List<X509Certificate> peerChain() {
        return peerChain(session);
    }

    /// The certificates that the other side of a session has shown, its own first; empty where it has shown none.
    public static List<X509Certificate> peerChain(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException noCertificate) {
            return List.of(); // the exception is how the session says "none"
        }
    }
}
