package dev.postern.wire;

import javax.net.ssl.SSLSession;

/// What a finished TLS handshake agreed on.
///
/// @param protocol such as `TLSv1.3`
/// @param cipher such as `TLS_AES_256_GCM_SHA384`
/// @param session the session, for certificates and channel bindings
public record TlsState(String protocol, String cipher, SSLSession session) {}
