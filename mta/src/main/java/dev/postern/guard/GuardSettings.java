package dev.postern.guard;

import java.time.Duration;

/// What a guard goes by.
///
/// @param rates how much there is for everybody
/// @param bans when clients are not let in, and for how long
/// @param tarpit how long a reply to a repeat offender is held back at most
/// @param appeal whom the administrator of a banned client may ask, as the end of a sentence: printable ASCII, at most
///     {@value #LONGEST_APPEAL} characters
public record GuardSettings(Rates rates, BanTerms bans, Duration tarpit, String appeal) {
    /// Characters of an appeal, so that the reply stays a line or two.
    public static final int LONGEST_APPEAL = 200;

    /// Whether a text can be an appeal.
    public static boolean isAppeal(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_APPEAL
                && text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }

    /// @throws IllegalArgumentException if the tarpit is below zero or the appeal is none
    public GuardSettings {
        if (tarpit.isNegative() || !isAppeal(appeal)) {
            throw new IllegalArgumentException("no settings of a guard: " + tarpit + " " + appeal);
        }
    }
}
