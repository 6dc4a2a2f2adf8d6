package dev.postern.smtp;

import java.util.OptionalLong;

/// Numbers that peers write: digits only, never a sign, never wrapped around.
final class Decimal {
    private static final int BASE = 10;

    private Decimal() {}

    /// The number that 1 or more digits are, with leading zeros or without; empty for other text
    /// and beyond 2^63-1.
    static OptionalLong parse(String text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit >= BASE || value > (Long.MAX_VALUE - digit) / BASE) {
                return OptionalLong.empty();
            }
            value = value * BASE + digit;
        }
        return OptionalLong.of(value);
    }
}
