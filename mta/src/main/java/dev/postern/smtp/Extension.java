package dev.postern.smtp;

import java.util.Locale;
import java.util.Optional;

/// A service extension by the keyword with which EHLO announces it (RFC 5321 §2.2).
public enum Extension {
    /// Commands may follow each other without waiting (RFC 2920).
    PIPELINING("PIPELINING"),
    /// The size of a message is declared, and limited (RFC 1870).
    SIZE("SIZE"),
    /// Lines with octets above 127 (RFC 6152).
    EIGHT_BIT_MIME("8BITMIME"),
    /// Addresses and header fields in UTF-8 (RFC 6531).
    SMTPUTF8("SMTPUTF8"),
    /// Content in counted chunks (RFC 3030 §2).
    CHUNKING("CHUNKING"),
    /// Content that has no lines (RFC 3030 §3).
    BINARY_MIME("BINARYMIME"),
    /// Reports as the sender wants them (RFC 3461).
    DSN("DSN"),
    /// No hop of the message without TLS (RFC 8689).
    REQUIRETLS("REQUIRETLS"),
    /// How many messages and recipients a session may have (RFC 9422).
    LIMITS("LIMITS"),
    /// Messages that leave later (RFC 4865).
    FUTURERELEASE("FUTURERELEASE"),
    /// Messages that are worth nothing after a time (RFC 2852).
    DELIVERBY("DELIVERBY"),
    /// Messages that go before others (RFC 6710).
    MT_PRIORITY("MT-PRIORITY"),
    /// A status on each reply (RFC 2034).
    ENHANCED_STATUS_CODES("ENHANCEDSTATUSCODES"),
    /// TLS on the same connection (RFC 3207).
    STARTTLS("STARTTLS"),
    /// Who the client is (RFC 4954).
    AUTH("AUTH"),
    /// Mail that waits for a domain is asked for (RFC 1985).
    ETRN("ETRN"),
    /// Another server says whom it speaks for.
    XCLIENT("XCLIENT"),
    /// Another server says where it has its mail from.
    XFORWARD("XFORWARD");

    private final String keyword;

    Extension(String keyword) {
        this.keyword = keyword;
    }

    /// The word on the wire.
    public String keyword() {
        return keyword;
    }

    /// The extension with this keyword, whatever its case; empty if it is none of ours.
    public static Optional<Extension> parse(String keyword) {
        String upper = keyword.toUpperCase(Locale.ROOT);
        for (Extension extension : values()) {
            if (extension.keyword.equals(upper)) {
                return Optional.of(extension);
            }
        }
        return Optional.empty();
    }
}
