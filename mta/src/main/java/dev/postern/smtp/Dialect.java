package dev.postern.smtp;

import java.util.Set;

/// What a command line may hold at this moment of a session.
///
/// @param protocol which verbs there are
/// @param extensions what the server has announced, so which parameters it knows
/// @param international whether the transaction has SMTPUTF8, so that its RCPT may hold UTF-8 (RFC
///     6531 §3.4)
public record Dialect(Protocol protocol, Set<Extension> extensions, boolean international) {
    /// The protocol of a listener.
    public enum Protocol {
        /// With HELO and EHLO (RFC 5321).
        SMTP,
        /// With LHLO instead (RFC 2033).
        LMTP
    }

    public Dialect {
        extensions = Set.copyOf(extensions);
    }

    /// The dialect outside of a transaction.
    public static Dialect of(Protocol protocol, Set<Extension> extensions) {
        return new Dialect(protocol, extensions, false);
    }

    /// The dialect within a transaction, whose MAIL had SMTPUTF8 or not.
    public Dialect inTransaction(boolean smtpUtf8) {
        return new Dialect(protocol, extensions, smtpUtf8);
    }

    /// Whether the server has announced an extension.
    public boolean has(Extension extension) {
        return extensions.contains(extension);
    }
}
