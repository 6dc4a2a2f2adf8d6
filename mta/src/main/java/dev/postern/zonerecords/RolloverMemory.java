package dev.postern.zonerecords;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What has to be remembered of the name servers while a certificate waits, also when this server starts anew.
///
/// @param refusing the longest time that others may keep a set that refuses it, of all those that were seen; zero where
///     none was
/// @param good since when all name servers were seen without such a set; empty while one has it
public record RolloverMemory(Duration refusing, Optional<Instant> good) {
    /// Nothing was seen yet.
    public static final RolloverMemory NONE = new RolloverMemory(Duration.ZERO, Optional.empty());

    private static final String NOT = "-";

    /// As one line.
    public String text() {
        return refusing + " " + good.map(Instant::toString).orElse(NOT);
    }

    /// What a line says; nothing seen, if it says something else.
    public static RolloverMemory parse(String text) {
        String[] words = text.strip().split(" ", -1);
        if (words.length != 2) {
            return NONE;
        }
        try {
            Duration refusing = Duration.parse(words[0]);
            return refusing.isNegative() || refusing.compareTo(Duration.ofSeconds(Integer.MAX_VALUE)) > 0
                    ? NONE
                    : new RolloverMemory(
                            refusing, words[1].equals(NOT) ? Optional.empty() : Optional.of(Instant.parse(words[1])));
        } catch (DateTimeException damaged) {
            return NONE; // then the time begins anew, which is the safe side
        }
    }
}
