package dev.postern.message;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The date-time of RFC 5322 §3.3.
///
/// @rfc 5322 §3.3
public final class MailDate {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ROOT);

    private MailDate() {}

    /// An instant as `Mon, 23 Nov 2026 19:25:00 +0000`, in UTC.
    public static String format(Instant instant) {
        return FORM.format(instant.atOffset(ZoneOffset.UTC));
    }
}
