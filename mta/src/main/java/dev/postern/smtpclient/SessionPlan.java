package dev.postern.smtpclient;

import dev.postern.smtp.Dialect;
import java.util.Optional;

/// How a session is opened.
///
/// @param protocol SMTP or LMTP
/// @param tls when it is encrypted
/// @param login whom we are to be; the session is given up where it is not encrypted or the server does not take it
public record SessionPlan(Dialect.Protocol protocol, TlsChoice tls, Optional<Login> login) {
    /// SMTP without a login.
    public static SessionPlan smtp(TlsChoice tls) {
        return new SessionPlan(Dialect.Protocol.SMTP, tls, Optional.empty());
    }

    /// LMTP without a login.
    public static SessionPlan lmtp(TlsChoice tls) {
        return new SessionPlan(Dialect.Protocol.LMTP, tls, Optional.empty());
    }

    /// The same without TLS and so without the login.
    public SessionPlan inTheClear() {
        return new SessionPlan(protocol, new TlsChoice.None(), Optional.empty());
    }
}
