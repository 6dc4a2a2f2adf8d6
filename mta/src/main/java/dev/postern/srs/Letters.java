package dev.postern.srs;

/// Letters A to Z, and no others: what a host on the way may make small in a local part (RFC 5321 §2.4).
///
/// The rules of Unicode would let other characters (`ſ`, the Kelvin sign) pass for those that were signed.
final class Letters {
    private Letters() {}

    /// A text with A to Z as a to z.
    static String small(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'A' && chars[i] <= 'Z') {
                chars[i] = (char) (chars[i] + ('a' - 'A'));
            }
        }
        return new String(chars);
    }
}
