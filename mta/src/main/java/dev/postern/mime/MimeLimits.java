package dev.postern.mime;

/// How much structure of a message is looked at.
///
/// @param depth how many multiparts may lie within each other; what is deeper is content
/// @param parts how many parts of all depths together; what comes behind them is not looked at
/// @param headerOctets how long the header of a part may be, and that of the message; a part with a longer
///     one is passed over
public record MimeLimits(int depth, int parts, int headerOctets) {
    /// More than any program needs for a message.
    public static final MimeLimits DEFAULT = new MimeLimits(10, 1000, 256 << 10);

    /// @throws IllegalArgumentException if one is not above zero
    public MimeLimits {
        if (depth < 1 || parts < 1 || headerOctets < 1) {
            throw new IllegalArgumentException("a limit that is not above zero");
        }
    }
}
