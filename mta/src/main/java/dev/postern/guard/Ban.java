package dev.postern.guard;

import dev.postern.wire.AddressBlock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Addresses that are not let in until a time.
///
/// @param until after `since`, by a year at most; both are whole seconds
/// @param times how many bans in a row it is, 1 for the first
/// @param why a few words: 1 to {@value #LONGEST_REASON} printable characters of ASCII
public record Ban(AddressBlock network, Instant since, Instant until, int times, Source source, String why) {
    /// Characters of a reason.
    public static final int LONGEST_REASON = 100;

    private static final int MOST_TIMES = 99_999;

    /// Who has banned.
    public enum Source {
        /// The client's own offences.
        OFFENCES,
        /// The bans of several addresses of a network.
        NEIGHBOURS,
        /// An operator.
        OPERATOR;

        /// The word in file and log.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if there can be no such ban
    public Ban {
        boolean times1 = times >= 1 && times <= MOST_TIMES;
        if (!times1 || !isReason(why) || !isWhole(since) || !isWhole(until)) {
            throw new IllegalArgumentException("no ban: " + network + " " + times + " " + why);
        }
        if (!until.isAfter(since) || Duration.between(since, until).compareTo(BanTerms.MOST) > 0) {
            throw new IllegalArgumentException("no ban from " + since + " to " + until);
        }
    }

    private static boolean isWhole(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).equals(time);
    }

    /// Whether a text can be the reason of a ban.
    public static boolean isReason(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_REASON
                && text.chars().allMatch(c -> c >= ' ' && c <= '~')
                && text.equals(text.strip());
    }

    /// Whether it is over at a time.
    boolean isOver(Instant now) {
        return !until.isAfter(now);
    }
}
