package dev.postern.wire;

/// What the octets of one content look like, counted while they pass; CRLF, bare CR, bare LF and
/// NUL as RFC 5321 §2.3.8 and §4.5.2 see them.
///
/// @param octets how many, without the final dot line, dot-stuffing undone
/// @param bareCr how many CR without LF after it
/// @param bareLf how many LF without CR before it
/// @param nul how many NUL
/// @param eightBit whether an octet above 127 is among them
/// @param longestLine the longest line in octets, CRLF not counted
/// @param endsLine whether the last line ends with CRLF, or there is none
public record ContentScan(
        long octets, long bareCr, long bareLf, long nul, boolean eightBit, int longestLine, boolean endsLine) {
    /// Whether every line end is CRLF and no NUL is there.
    public boolean clean() {
        return bareCr == 0 && bareLf == 0 && nul == 0;
    }
}
