package dev.postern.wire;

import java.nio.charset.StandardCharsets;

/// One line as it came from the peer, without its end.
///
/// @param octets the octets before the line end; for a line that was too long, its beginning
/// @param ending how it ended
@SuppressWarnings("ArrayRecordComponent") // octets of one read, handed to one reader; never compared
public record Line(byte[] octets, Ending ending) {
    /// How a line ended; only {@link #CRLF} is a line end in SMTP (RFC 5321 §2.3.8).
    public enum Ending {
        /// By CR LF, with no other CR, LF or NUL in it.
        CRLF,
        /// By LF without CR before it.
        BARE_LF,
        /// By CR LF, but with a CR that no LF follows, or a NUL, inside.
        CONTROL,
        /// By LF somewhere beyond the limit; what was beyond it is dropped.
        TOO_LONG
    }

    /// The octets as ISO 8859-1 text, one char an octet.
    public String latin1() {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
