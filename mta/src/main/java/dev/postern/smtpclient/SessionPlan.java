package dev.postern.smtpclient;

import dev.postern.smtp.Dialect;
import java.util.Optional;

/// How a session is opened.
///
/// @param protocol SMTP or LMTP
/// @param tls when it is encrypted
/// @param proof what is made of what the server's certificate proves
/// @param login whom we are to be; the session is given up where it is not encrypted or the server does not take it
public record SessionPlan(Dialect.Protocol protocol, TlsChoice tls, Proof proof, Optional<Login> login) {
    /// What is made of what the server's certificate proves, by the check of the {@link TlsChoice}.
    public enum Proof {
        /// Nothing: the certificate is not looked at, or it is told only.
        NONE(false, false),
        /// Where it proves the server, that is the one that takes the mail; where not, the session goes on.
        HOPED(false, true),
        /// It must prove the server's name, which may be anybody's all the same.
        NAMED(true, false),
        /// It must prove the server, that is the one that takes the mail: its name was configured here
        /// or vouched for by DNSSEC or by its mail domain (RFC 8689 §2).
        VERIFIED(true, true);

        private final boolean demanded;
        private final boolean telling;

        Proof(boolean demanded, boolean telling) {
            this.demanded = demanded;
            this.telling = telling;
        }

        /// Whether the session is given up where the certificate proves nothing.
        boolean isDemanded() {
            return demanded;
        }

        /// Whether a proven server is the one that takes the mail.
        boolean isTelling() {
            return telling;
        }
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

    /// The same with another use of what the certificate proves.
    public SessionPlan proving(Proof other) {
        return new SessionPlan(protocol, tls, other, login);
    }

    /// The same without TLS and so without the login.
    public SessionPlan inTheClear() {
        return new SessionPlan(protocol, new TlsChoice.None(), Optional.empty());
    }
}
