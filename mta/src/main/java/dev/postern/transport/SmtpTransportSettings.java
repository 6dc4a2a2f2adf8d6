package dev.postern.transport;

/// How mail is sent to other servers.
///
/// @param exchangerTls how sessions with mail exchangers are encrypted; a smarthost has a setting of its own
/// @param bounds of sessions and of the search for a host
public record SmtpTransportSettings(ExchangerTls exchangerTls, SessionBounds bounds) {
    /// How sessions with mail exchangers are encrypted. Nobody knows their certificates, so none is checked (RFC
    /// 7435).
    public enum ExchangerTls {
        /// Not at all, but for mail that requires it.
        NEVER,
        /// Where offered; a host whose handshake fails is passed over.
        OFFERED,
        /// Where offered; a host whose handshake fails is tried once more in the clear.
        OFFERED_OR_CLEAR
    }

    /// Encrypted where that works.
    public static SmtpTransportSettings standard() {
        return new SmtpTransportSettings(ExchangerTls.OFFERED_OR_CLEAR, SessionBounds.standard());
    }
}
