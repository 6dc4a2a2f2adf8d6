package dev.postern.mailauth.dmarc;

import dev.postern.smtp.Host;
import dev.postern.smtp.Mailbox;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Where the owner of a domain wants reports to go: an element of `rua` or `ruf`.
///
/// @param uri the place
/// @param limit the most octets that a report may have there, as it is sent (the obsolete `!10m`);
///     empty where nothing is said
/// @rfc 9989 §4.7
public record ReportUri(URI uri, OptionalLong limit) {
    private static final String UNITS = "kmgt";
    private static final int UNIT_BITS = 10;

    /// @throws IllegalArgumentException if the place is relative or the limit negative
    public ReportUri {
        if (!uri.isAbsolute() || limit.orElse(0) < 0) {
            throw new IllegalArgumentException("no place for reports: " + uri + " " + limit);
        }
    }

    /// A place without a limit.
    public static ReportUri of(URI uri) {
        return new ReportUri(uri, OptionalLong.empty());
    }

    /// The limit that digits and a unit say; a number beyond all sizes counts as no limit.
    ///
    /// @param text such as `10m`, powers of two
    static OptionalLong limit(String text) {
        int unit = UNITS.indexOf(text.toLowerCase(Locale.ROOT).charAt(text.length() - 1)) + 1;
        String digits = unit == 0 ? text : text.substring(0, text.length() - 1);
        try {
            long octets = Math.multiplyExact(Long.parseLong(digits), 1L << (UNIT_BITS * unit));
            return OptionalLong.of(octets);
        } catch (NumberFormatException | ArithmeticException beyondAllSizes) {
            return OptionalLong.empty(); // the exception is how the platform says "too large"
        }
    }

    /// The inbox, if the place is one (`mailto:`).
    public Optional<Mailbox> mailbox() {
        if (!"mailto".equalsIgnoreCase(uri.getScheme())) {
            return Optional.empty();
        }
        String part = uri.getSchemeSpecificPart();
        int query = part.indexOf('?');
        return Mailbox.parse(query < 0 ? part : part.substring(0, query));
    }

    /// The host of the inbox, where it has a name.
    Optional<Host.Domain> host() {
        return mailbox()
                .map(Mailbox::host)
                .filter(Host.Domain.class::isInstance)
                .map(Host.Domain.class::cast);
    }

    /// Whether a report of this many octets may go there.
    public boolean takes(long octets) {
        return octets <= limit.orElse(Long.MAX_VALUE);
    }

    /// As it stands in a record, the limit in the largest unit that tells it exactly.
    @Override
    public String toString() {
        if (limit.isEmpty()) {
            return uri.toString();
        }
        long size = limit.getAsLong();
        int unit = 0;
        while (size > 0 && unit < UNITS.length() && size % (1 << UNIT_BITS) == 0) {
            size >>= UNIT_BITS;
            unit++;
        }
        return uri + "!" + size + (unit == 0 ? "" : UNITS.substring(unit - 1, unit));
    }
}
