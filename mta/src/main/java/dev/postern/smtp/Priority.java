package dev.postern.smtp;

/// How urgent a message is beside others.
///
/// @param value from -9, the least urgent, to 9; 0 is the usual one
/// @spec https://www.rfc-editor.org/rfc/rfc6710 RFC 6710 §3
public record Priority(int value) {
    /// The distance of the ends from the usual one.
    public static final int FURTHEST = 9;

    /// That of a message of which nothing was said.
    public static final Priority USUAL = new Priority(0);

    /// @throws IllegalArgumentException if it is not from -9 to 9
    public Priority {
        if (Math.abs(value) > FURTHEST) {
            throw new IllegalArgumentException("a priority of " + value);
        }
    }

    /// Whether it is more urgent than the usual one.
    public boolean isUrgent() {
        return value > 0;
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
