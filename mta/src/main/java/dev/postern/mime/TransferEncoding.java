package dev.postern.mime;

import java.io.InputStream;
import java.util.Locale;

/// How the octets of a content are written down.
///
/// @rfc 2045 §6
public enum TransferEncoding {
    /// As they are, lines of ASCII.
    SEVEN_BIT("7bit"),
    /// As they are, lines.
    EIGHT_BIT("8bit"),
    /// As they are.
    BINARY("binary"),
    /// Mostly as they are.
    QUOTED_PRINTABLE("quoted-printable"),
    /// As letters and digits.
    BASE64("base64"),
    /// In a way that is not known.
    UNKNOWN("");

    private final String word;

    TransferEncoding(String word) {
        this.word = word;
    }

    /// The encoding that the body of a Content-Transfer-Encoding field names, in whatever case,
    /// with comments around it.
    ///
    /// ```
    /// encoding  = "Content-Transfer-Encoding" ":" mechanism
    /// mechanism = "7bit" / "8bit" / "binary" / "quoted-printable" / "base64" / ietf-token / x-token
    /// ```
    static TransferEncoding parse(String body) {
        String mechanism = new ParameterReader(body).value().toLowerCase(Locale.ROOT);
        for (TransferEncoding encoding : values()) {
            if (encoding.word.equals(mechanism) && encoding != UNKNOWN) {
                return encoding;
            }
        }
        return UNKNOWN;
    }

    /// The octets that an encoded content stands for. What cannot be decoded is passed over (base64)
    /// or taken as it stands (quoted-printable).
    InputStream decode(InputStream encoded) {
        return switch (this) {
            case SEVEN_BIT, EIGHT_BIT, BINARY, UNKNOWN -> encoded;
            case QUOTED_PRINTABLE -> new QuotedPrintableStream(encoded);
            case BASE64 -> new Base64Stream(encoded);
        };
    }

    /// Whether a multipart may have it (RFC 2045 §6.4).
    boolean isIdentity() {
        return switch (this) {
            case SEVEN_BIT, EIGHT_BIT, BINARY -> true;
            case QUOTED_PRINTABLE, BASE64, UNKNOWN -> false;
        };
    }
}
