package dev.postern.mailauth.dkim;

import dev.postern.mailauth.TagList;
import dev.postern.message.HeaderField;
import java.util.Base64;
import java.util.OptionalLong;

/// Reads the tags that signatures and seals have in common.
public final class SignatureTags {
    /// How long the field of a signature may be. A copied header (`z=`) makes the longest, a key of
    /// 8192 bits needs 1.5 KiB.
    static final int LONGEST_FIELD = 65_536;

    private static final int LONGEST_TIME = 12;
    private static final int LONGEST_LENGTH = 76;

    private SignatureTags() {}

    /// The tags of a field.
    ///
    /// @throws SignatureFault if it is no list of tags, or longer than 64 KiB
    public static TagList of(HeaderField field) throws SignatureFault {
        if (field.text().length() > LONGEST_FIELD) {
            throw SignatureFault.syntax("the field has more than " + LONGEST_FIELD + " octets");
        }
        try {
            return TagList.parse(field.body());
        } catch (TagList.BadTagListException e) {
            throw SignatureFault.syntax("it is no list of tags: " + e.getMessage());
        }
    }

    /// The value of a tag that has to be there, without white space.
    ///
    /// @throws SignatureFault if it is not there, or empty
    public static String needed(TagList tags, String name) throws SignatureFault {
        return tags.compact(name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> SignatureFault.syntax("it has no " + name + "="));
    }

    /// The octets of a tag in base64, at least one.
    ///
    /// @throws SignatureFault if there are none, or it is no base64
    public static byte[] base64(TagList tags, String name) throws SignatureFault {
        try {
            return Base64.getDecoder().decode(needed(tags, name));
        } catch (IllegalArgumentException e) {
            throw SignatureFault.syntax(name + "= is no base64");
        }
    }

    /// ```
    /// 1*12DIGIT
    /// ```
    static OptionalLong time(TagList tags, String name) throws SignatureFault {
        return number(tags, name, LONGEST_TIME);
    }

    /// A number of octets; one beyond all bodies becomes the largest but one.
    ///
    /// ```
    /// 1*76DIGIT
    /// ```
    static OptionalLong length(TagList tags, String name) throws SignatureFault {
        return number(tags, name, LONGEST_LENGTH);
    }

    private static OptionalLong number(TagList tags, String name, int mostDigits) throws SignatureFault {
        String digits = tags.value(name).orElse(null);
        if (digits == null) {
            return OptionalLong.empty();
        }
        if (digits.isEmpty() || digits.length() > mostDigits || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw SignatureFault.syntax(name + "= is no number of up to " + mostDigits + " digits");
        }
        long largest = Long.MAX_VALUE - 1;
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            value = value > (largest - digit) / 10 ? largest : value * 10 + digit;
        }
        return OptionalLong.of(value);
    }
}
