package dev.postern.batv;

import dev.postern.smtp.LocalPart;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a signed local part says; whether it is true is another question.
///
/// ```
/// signed = "prvs=" key day hash "=" local
/// key    = DIGIT
/// day    = 3DIGIT
/// hash   = 6HEXDIG
/// local  = 1*CHAR
/// ```
///
/// Letters before the local part are read in any case, ASCII only.
///
/// @param key which secret signed, 0 to 9
/// @param day the last three digits of the day it expires on
/// @param hash what it claims to be signed with
/// @param local the local part that is signed
record PrivateSignature(int key, int day, String hash, LocalPart local) {
    /// After so many days the digits begin again.
    static final int PERIOD = 1000;

    /// What a signature adds to a local part, in octets.
    static final int OCTETS = "prvs=KDDDSSSSSS=".length();

    private static final String TAG = "prvs=";
    private static final Pattern FORM =
            Pattern.compile(TAG + "([0-9])([0-9]{3})([0-9a-f]{6})=(.+)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern TAGGED = Pattern.compile(TAG + ".*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /// Whether a local part begins as a signed one does.
    static boolean isTagged(String local) {
        return TAGGED.matcher(local).matches();
    }

    /// The form of a local part; empty if it has none.
    static Optional<PrivateSignature> parse(String local) {
        Matcher form = FORM.matcher(local);
        return form.matches()
                ? Optional.of(new PrivateSignature(
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        form.group(3),
                        new LocalPart(form.group(4))))
                : Optional.empty();
    }

    /// The local part.
    String text() {
        return TAG + key + String.format("%03d", day) + hash + "=" + local.value();
    }
}
