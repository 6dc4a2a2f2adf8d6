package dev.postern.sasl;

import java.text.Normalizer;
import java.util.Optional;
import java.util.function.IntPredicate;

/// User names and passwords in the one form in which they are compared, whatever keyboard they were typed on.
///
/// Deviates: the tables of unassigned code points (RFC 3454 A.1), of directions (D.1, D.2) and of NFKC are those of the
/// JDK's Unicode, where RFC 4013 froze that of 2002: letters that were added since may stand in a password (decision
/// 0056).
///
/// @spec https://www.rfc-editor.org/rfc/rfc4013 RFC 4013
public final class SaslPrep {
    /// The longest string that is prepared, in UTF-16 units.
    public static final int MAX_LENGTH = 1024;

    private SaslPrep() {}

    /// A string as it is asked for, which may hold letters that are not known yet; empty if it holds something that is
    /// forbidden.
    ///
    /// @rfc 3454 §7
    public static Optional<String> query(String text) {
        return prepare(text, false);
    }

    /// A string as it is stored; empty also if it holds letters that are not known yet.
    ///
    /// @rfc 3454 §7
    public static Optional<String> stored(String text) {
        return prepare(text, true);
    }

    private static Optional<String> prepare(String text, boolean stored) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> map(mapped, c));
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        IntPredicate refused = stored ? c -> isProhibited(c) || isUnassigned(c) : SaslPrep::isProhibited;
        return normal.codePoints().noneMatch(refused) && runsOneWay(normal) ? Optional.of(normal) : Optional.empty();
    }

    /// RFC 4013 §2.1: other spaces become the space, what is nothing to the eye becomes nothing.
    private static void map(StringBuilder to, int c) {
        if (isOtherSpace(c)) {
            to.append(' ');
        } else if (!isMappedToNothing(c)) {
            to.appendCodePoint(c);
        }
    }

    /// RFC 3454 C.1.2.
    private static boolean isOtherSpace(int c) {
        return c == 0x00A0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x202F || c == 0x205F || c == 0x3000;
    }

    /// RFC 3454 B.1.
    private static boolean isMappedToNothing(int c) {
        return c == 0x00AD
                || c == 0x034F
                || c == 0x1806
                || (c >= 0x180B && c <= 0x180D)
                || (c >= 0x200B && c <= 0x200D)
                || c == 0x2060
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFEFF;
    }

    /// RFC 4013 §2.3.
    private static boolean isProhibited(int c) {
        return isOtherSpace(c)
                || Character.isISOControl(c)
                || isOtherControl(c)
                || isPrivate(c)
                || isNoCharacter(c)
                || (c >= 0xFFF9 && c <= 0xFFFD) // C.6
                || (c >= 0x2FF0 && c <= 0x2FFB) // C.7
                || changesTheDisplay(c)
                || c == 0xE0001 // C.9
                || (c >= 0xE0020 && c <= 0xE007F);
    }

    /// RFC 3454 C.2.2, beyond the controls of ISO 8859.
    private static boolean isOtherControl(int c) {
        return c == 0x06DD
                || c == 0x070F
                || c == 0x180E
                || c == 0x200C
                || c == 0x200D
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x2060 && c <= 0x2063)
                || c == 0xFEFF
                || (c >= 0x1D173 && c <= 0x1D17A);
    }

    /// RFC 3454 C.3.
    private static boolean isPrivate(int c) {
        return Character.getType(c) == Character.PRIVATE_USE;
    }

    /// RFC 3454 C.4, C.5.
    private static boolean isNoCharacter(int c) {
        return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE || (c >= 0xD800 && c <= 0xDFFF);
    }

    /// RFC 3454 C.8.
    private static boolean changesTheDisplay(int c) {
        return c == 0x0340
                || c == 0x0341
                || c == 0x200E
                || c == 0x200F
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x206A && c <= 0x206F);
    }

    /// RFC 3454 A.1.
    private static boolean isUnassigned(int c) {
        return Character.getType(c) == Character.UNASSIGNED;
    }

    /// RFC 3454 §6: where something runs from right to left, the first and the last do, and nothing runs the other way.
    private static boolean runsOneWay(String text) {
        if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
            return true;
        }
        return isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()))
                && text.codePoints()
                        .noneMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT);
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }
}
