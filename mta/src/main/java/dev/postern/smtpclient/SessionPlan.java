package dev.postern.smtpclient;

import dev.postern.smtp.Dialect;
import java.util.Optional;

/// How a session is opened.
///
/// @param protocol SMTP or LMTP
/// @param tls when it is encrypted
/// @param proof whether TLS proves that the server is the one that takes the mail
/// @param login whom we are to be; the session is given up where it is not encrypted or the server does not take it
public record SessionPlan(Dialect.Protocol protocol, TlsChoice tls, Proof proof, Optional<Login> login) {
    /// What a session that came to be encrypted says of the server.
    public enum Proof {
        /// Nothing: the certificate is not looked at, or the server's name may be anybody's.
        NONE,
        /// It is the one that takes the mail: its certificate is verified, and its name was configured here or vouched
        /// for by DNSSEC (RFC 8689 §2).
        VERIFIED
    }

    /// A plan that proves nothing of the server.
    public SessionPlan(Dialect.Protocol protocol, TlsChoice tls, Optional<Login> login) {
        this(protocol, tls, Proof.NONE, login);
    }

    /// SMTP without a login.
    public static SessionPlan smtp(TlsChoice tls) {
        return new SessionPlan(Dialect.Protocol.SMTP, tls, Optional.empty());
    }

    /// LMTP without a login.
    public static SessionPlan lmtp(TlsChoice tls) {
        return new SessionPlan(Dialect.Protocol.LMTP, tls, Optional.empty());
    }

    /// SMTP without a login, with a server whose certificate is verified for a name that is known to be right.
    public static SessionPlan proven(TlsChoice tls) {
        return new SessionPlan(Dialect.Protocol.SMTP, tls, Proof.VERIFIED, Optional.empty());
    }

    /// The same without TLS and so without the login.
    public SessionPlan inTheClear() {
        return new SessionPlan(protocol, new TlsChoice.None(), Optional.empty());
    }
}
