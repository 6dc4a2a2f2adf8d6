package dev.postern.intake;

/// How much structure one message may have.
///
/// @param received more Received fields than this are a loop (RFC 5321 §6.3)
/// @param fields how many fields its header may have
/// @param headerOctets how long its header may be
/// @param nesting how many multiparts and messages may lie within each other (RFC 2046 §5)
public record MessageLimits(int received, int fields, int headerOctets, int nesting) {
    /// 100 Received fields as RFC 5321 §6.3 suggests; 2000 fields, 512 KiB and 100 levels, which no honest
    /// message has.
    public static MessageLimits byDefault() {
        return new MessageLimits(100, 2000, 512 << 10, 100);
    }

    /// @throws IllegalArgumentException if a limit is below 1
    public MessageLimits {
        if (received < 1 || fields < 1 || headerOctets < 1 || nesting < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }
}
