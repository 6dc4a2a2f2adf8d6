package dev.postern.message;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The date-time of RFC 5322 §3.3.
///
/// @rfc 5322 §3.3
public final class MailDate {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ROOT);

    private static final int MOST_WORDS = 8;
    private static final int LONGEST = 200;
    private static final int MINUTES = 60;
    private static final int MOST_ZONE = 18 * MINUTES;
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2}))?");
    private static final Pattern ZONE = Pattern.compile("([+-])(\\d{2})(\\d{2})");

    private MailDate() {}

    /// An instant as `Mon, 23 Nov 2026 19:25:00 +0000`, in UTC.
    public static String format(Instant instant) {
        return FORM.format(instant.atOffset(ZoneOffset.UTC));
    }

    /// The instant that a text is, obsolete forms included; empty if it is none. The day of the week
    /// is not looked at, a zone that is missing or unknown is UTC (RFC 5322 §4.3), and a leap second
    /// is the one before.
    ///
    /// ```
    /// date-time = [ day-name "," ] day month year hour ":" minute [ ":" second ] zone
    /// zone      = ( "+" / "-" ) 4DIGIT / "UT" / "GMT" / "EST" / "EDT" / ...
    /// ```
    ///
    /// @rfc 5322 §3.3, §4.3
    public static Optional<Instant> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        String bare = text.replaceAll("\\([^()]*\\)", " ").strip();
        int comma = bare.indexOf(',');
        String[] words = bare.substring(comma + 1).strip().split("\\s+", MOST_WORDS);
        if (words.length < 4) {
            return Optional.empty();
        }
        Matcher time = TIME.matcher(words[3]);
        if (!words[0].matches("\\d{1,2}") || !words[2].matches("\\d{2,4}") || !time.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            year(words[2]),
                            MONTHS.indexOf(words[1].toLowerCase(Locale.ROOT)) + 1,
                            Integer.parseInt(words[0]),
                            Integer.parseInt(time.group(1)),
                            Integer.parseInt(time.group(2)),
                            time.group(3) == null ? 0 : Math.min(Integer.parseInt(time.group(3)), 59))
                    .toInstant(zone(words.length > 4 ? words[4] : "UT")));
        } catch (DateTimeException noSuchTime) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return digits.length() == 4 ? year : digits.length() == 2 && year < 50 ? 2000 + year : 1900 + year;
    }

    private static ZoneOffset zone(String text) {
        Matcher numeric = ZONE.matcher(text);
        if (numeric.matches()) {
            int minutes = Integer.parseInt(numeric.group(2)) * MINUTES + Integer.parseInt(numeric.group(3));
            int east = numeric.group(1).equals("-") ? -minutes : minutes;
            return ZoneOffset.ofTotalSeconds(Math.clamp(east, -MOST_ZONE, MOST_ZONE) * MINUTES);
        }
        return switch (text.toUpperCase(Locale.ROOT)) {
            case "EDT" -> ZoneOffset.ofHours(-4);
            case "EST", "CDT" -> ZoneOffset.ofHours(-5);
            case "CST", "MDT" -> ZoneOffset.ofHours(-6);
            case "MST", "PDT" -> ZoneOffset.ofHours(-7);
            case "PST" -> ZoneOffset.ofHours(-8);
            default -> ZoneOffset.UTC;
        };
    }
}
