package dev.postern.mailauth.dmarc;

/// When the owner of a domain wants a report about a single message.
///
/// @rfc 9989 §4.7
public enum FailureOption {
    /// When nothing that vouches is aligned.
    ALL_FAIL("0"),
    /// When SPF or DKIM does not give something aligned.
    ANY_FAILS("1"),
    /// When a DKIM signature fails, aligned or not (RFC 6651).
    DKIM("d"),
    /// When SPF fails, aligned or not (RFC 6652).
    SPF("s");

    private final String letter;

    FailureOption(String letter) {
        this.letter = letter;
    }

    /// The letter in records and reports.
    @Override
    public String toString() {
        return letter;
    }
}
