package dev.postern.wire;

import javax.net.ssl.SSLSession;

/// What a finished TLS handshake agreed on.
///
/// @param protocol such as `TLSv1.3`
/// @param cipher such as `TLS_AES_256_GCM_SHA384`
/// @param session the session, for certificates
/// @param bindings what ties an authentication to this connection
/// @param peer what the certificate of the other side proves
public record TlsState(String protocol, String cipher, SSLSession session, ChannelBindings bindings, PeerCheck peer) {
    /// A handshake that nothing is bound to, and in which nobody looked at a certificate.
    public TlsState(String protocol, String cipher, SSLSession session) {
        this(protocol, cipher, session, ChannelBindings.none(), new PeerCheck.NotLooked());
    }
}
