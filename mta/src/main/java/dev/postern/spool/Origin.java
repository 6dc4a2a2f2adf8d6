package dev.postern.spool;

import java.util.Optional;

/// How a message came to us: what its Received field and its reports tell.
///
/// @param door the role of the listener: `mx`, `submission`, `submissions`, `lmtp`; or `local`,
///     `report`
/// @param peer the peer's address in text, empty for what came from this process
/// @param helo the name that the peer gave
/// @param user the authenticated user
/// @param protocol the transmission type: `SMTP`, `ESMTP`, `ESMTPSA`, `UTF8LMTPS` … (RFC 3848, RFC
///     6531 §4.3)
/// @param tls protocol and cipher, such as `TLSv1.3 TLS_AES_256_GCM_SHA384`
public record Origin(
        String door,
        Optional<String> peer,
        Optional<String> helo,
        Optional<String> user,
        String protocol,
        Optional<String> tls) {
    /// The origin of what this server wrote itself.
    public static Origin report() {
        return new Origin("report", Optional.empty(), Optional.empty(), Optional.empty(), "local", Optional.empty());
    }
}
