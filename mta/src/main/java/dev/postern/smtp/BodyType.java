package dev.postern.smtp;

/// What the sender declares of the content: BODY of RFC 6152 §3 and RFC 3030 §3.
public enum BodyType {
    /// Seven-bit lines.
    SEVEN_BIT("7BIT"),
    /// Lines with octets above 127.
    EIGHT_BIT_MIME("8BITMIME"),
    /// Any octets, no lines.
    BINARY_MIME("BINARYMIME");

    private final String keyword;

    BodyType(String keyword) {
        this.keyword = keyword;
    }

    /// The word on the wire.
    public String keyword() {
        return keyword;
    }
}
