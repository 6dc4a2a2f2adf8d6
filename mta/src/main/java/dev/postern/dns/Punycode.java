package dev.postern.dns;

import java.util.Optional;

/// The coding of Unicode in letters, digits and hyphens (RFC 3492 §6.3).
///
/// @spec https://www.rfc-editor.org/rfc/rfc3492 RFC 3492
final class Punycode {
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int INITIAL_BIAS = 72;
    private static final int INITIAL_N = 0x80;
    private static final int LETTERS = 26;

    private Punycode() {}

    /// The coding of a text without a prefix; empty where the text is too long for its arithmetic,
    /// which no label is.
    static Optional<String> encode(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder coded = new StringBuilder();
        for (int point : points) {
            if (point < INITIAL_N) {
                coded.append((char) point);
            }
        }
        int basic = coded.length();
        int handled = basic;
        if (basic > 0) {
            coded.append('-');
        }
        int n = INITIAL_N;
        int bias = INITIAL_BIAS;
        long delta = 0;
        while (handled < points.length) {
            int next = Integer.MAX_VALUE;
            for (int point : points) {
                if (point >= n && point < next) {
                    next = point;
                }
            }
            delta += (long) (next - n) * (handled + 1);
            if (delta > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            n = next;
            for (int point : points) {
                if (point < n) {
                    delta++;
                } else if (point == n) {
                    appendVariableLength(coded, (int) delta, bias);
                    bias = adapt((int) delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return Optional.of(coded.toString());
    }

    private static void appendVariableLength(StringBuilder coded, int delta, int bias) {
        int q = delta;
        int k = BASE;
        while (true) {
            int t = Math.clamp(k - bias, T_MIN, T_MAX);
            if (q < t) {
                coded.append(digit(q));
                return;
            }
            coded.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
            k += BASE;
        }
    }

    private static char digit(int value) {
        return (char) (value < LETTERS ? 'a' + value : '0' + value - LETTERS);
    }

    private static int adapt(int delta, int points, boolean first) {
        int rest = first ? delta / DAMP : delta / 2;
        rest += rest / points;
        int k = 0;
        while (rest > (BASE - T_MIN) * T_MAX / 2) {
            rest /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * rest / (rest + SKEW);
    }
}
