package dev.postern.dns;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Turns the U-labels of a domain name into A-labels, by the rules of IDNA2008.
///
/// A U-label is made of lower-case letters, marks and digits in Unicode's form NFC that are also
/// stable under NFKC, so nothing that only looks like a dot, a letter or a digit gets in (RFC 5892
/// §2); upper case is lowered first (RFC 5895 §2). It does not begin with a mark, has no hyphens in
/// the third and fourth place (RFC 5891 §4.2.3), and keeps to one direction of writing (RFC 5893
/// §2).
///
/// Deviates: the joiners U+200C and U+200D are refused, though RFC 5892 allows them in a few
/// contexts, since the platform does not tell the contexts.
///
/// @spec https://www.rfc-editor.org/rfc/rfc5891 RFC 5891
final class InternationalLabel {
    private static final String PREFIX = "xn--";
    private static final char MIDDLE_DOT = '\u00B7';
    private static final char KATAKANA_MIDDLE_DOT = '\u30FB';

    private InternationalLabel() {}

    /// The name with A-labels in place of its U-labels; empty if one label is neither that nor
    /// ASCII.
    static Optional<String> toAscii(String name) {
        if (isAscii(name)) {
            return Optional.of(name);
        }
        String[] labels = name.split("\\.", -1);
        for (int i = 0; i < labels.length; i++) {
            Optional<String> coded = isAscii(labels[i]) ? Optional.of(labels[i]) : aLabel(labels[i]);
            if (coded.isEmpty()) {
                return Optional.empty();
            }
            labels[i] = coded.get();
        }
        return Optional.of(String.join(".", labels));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static Optional<String> aLabel(String label) {
        String lower = Normalizer.normalize(label.toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
        return isULabel(lower) ? Punycode.encode(lower).map(PREFIX::concat) : Optional.empty();
    }

    private static boolean isULabel(String label) {
        boolean hyphened = label.startsWith("-") || label.endsWith("-") || label.startsWith("--", 2);
        return !hyphened
                && !isMark(label.codePointAt(0))
                && Normalizer.isNormalized(label, Normalizer.Form.NFKC)
                && label.codePoints().allMatch(InternationalLabel::isAllowed)
                && dotsAreInPlace(label)
                && keepsDirection(label);
    }

    private static boolean isAllowed(int point) {
        return switch (Character.getType(point)) {
            case Character.LOWERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER -> true;
            default -> point == '-' || point == MIDDLE_DOT || point == KATAKANA_MIDDLE_DOT;
        };
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }

    /// A middle dot stands between two `l`, as in Catalan; a Katakana middle dot in a label with
    /// Japanese letters (RFC 5892 appendices A.3 and A.7).
    private static boolean dotsAreInPlace(String label) {
        for (int i = label.indexOf(MIDDLE_DOT); i >= 0; i = label.indexOf(MIDDLE_DOT, i + 1)) {
            if (i == 0 || !label.startsWith("l", i - 1) || !label.startsWith("l", i + 1)) {
                return false;
            }
        }
        return label.indexOf(KATAKANA_MIDDLE_DOT) < 0
                || label.codePoints()
                        .mapToObj(Character.UnicodeScript::of)
                        .anyMatch(script -> Stream.of(
                                        Character.UnicodeScript.HIRAGANA,
                                        Character.UnicodeScript.KATAKANA,
                                        Character.UnicodeScript.HAN)
                                .anyMatch(script::equals));
    }

    /// The Bidi rule: a label with letters from right to left begins with one, ends with one or a
    /// digit, has no letters from left to right, and no two kinds of digits (RFC 5893 §2).
    private static boolean keepsDirection(String label) {
        int[] directions = label.codePoints()
                .map(Character::getDirectionality)
                .filter(d -> d != Character.DIRECTIONALITY_NONSPACING_MARK)
                .toArray();
        boolean rightToLeft = false;
        boolean leftToRight = false;
        boolean european = false;
        boolean arabic = false;
        for (int direction : directions) {
            rightToLeft |= isRightToLeft(direction);
            leftToRight |= direction == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
            european |= direction == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
            arabic |= direction == Character.DIRECTIONALITY_ARABIC_NUMBER;
        }
        if (!rightToLeft) {
            return !arabic;
        }
        int last = directions[directions.length - 1];
        return isRightToLeft(directions[0])
                && !leftToRight
                && !(european && arabic)
                && (isRightToLeft(last)
                        || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER
                        || last == Character.DIRECTIONALITY_ARABIC_NUMBER);
    }

    private static boolean isRightToLeft(int direction) {
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
