package dev.postern.spool;

/// What a next hop must be able to take, learnt while the content came in.
///
/// @param octets the size of the content as it was given, without the fields that were put on top
/// @param eightBit whether an octet above 127 is in it
/// @param eightBitHeader whether one is in the header, so that SMTPUTF8 is needed (RFC 6532)
/// @param binary whether it cannot be carried as lines octet for octet, so that BINARYMIME is needed (RFC 3030 §3);
///     never the header, which is lines always
/// @param longestLine octets, CRLF not counted
/// @param tlsOptional whether its header says that it is to arrive rather than be protected, `TLS-Required: No` (RFC
///     8689 §3)
public record ContentTraits(
        long octets, boolean eightBit, boolean eightBitHeader, boolean binary, int longestLine, boolean tlsOptional) {
    /// The longest line that every server takes, in octets, CRLF not counted (RFC 5321 §4.5.3.1.6).
    public static final int LINE = 998;

    /// The traits of a content of lines.
    public ContentTraits(long octets, boolean eightBit, boolean eightBitHeader, int longestLine) {
        this(octets, eightBit, eightBitHeader, false, longestLine);
    }

    /// The traits of a content that says nothing of TLS.
    public ContentTraits(long octets, boolean eightBit, boolean eightBitHeader, boolean binary, int longestLine) {
        this(octets, eightBit, eightBitHeader, binary, longestLine, false);
    }
}
