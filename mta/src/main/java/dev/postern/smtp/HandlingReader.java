package dev.postern.smtp;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads those parameters of MAIL that say when a message is to leave, to arrive, and before which others.
final class HandlingReader {
    private static final int MOST_DIGITS = 9;
    private static final Pattern BY = Pattern.compile("([+-]?)([0-9]{1,9});([NnRr])([Tt]?)");
    private static final Pattern DATE_TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z");
    private static final Pattern PRIORITY = Pattern.compile("-?[1-9]|0");

    private HandlingReader() {}

    /// ```
    /// by-value = by-time ";" by-mode [by-trace]
    /// by-time  = ["-" / "+"] 1*9DIGIT  ; zero and below are not allowed with R
    /// by-mode  = "N" / "R"
    /// by-trace = "T"
    /// ```
    ///
    /// @rfc 2852 §4
    static Optional<DeliverBy> deliverBy(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Matcher by = BY.matcher(value.get());
        if (!by.matches()) {
            throw fault("5.5.4", "BY is a number of seconds, a semicolon, N or R, and T if it is to be traced");
        }
        long seconds = Decimal.parse(by.group(2)).orElseThrow() * (by.group(1).equals("-") ? -1 : 1);
        DeliverBy.Mode mode = by.group(3).equalsIgnoreCase("R") ? DeliverBy.Mode.RETURN : DeliverBy.Mode.NOTIFY;
        if (mode == DeliverBy.Mode.RETURN && seconds < 1) {
            throw fault("5.5.4", "BY with R is one second or more");
        }
        return Optional.of(new DeliverBy(seconds, mode, !by.group(4).isEmpty()));
    }

    /// ```
    /// hold-for-param   = "HOLDFOR=" %x31-39 *8DIGIT
    /// hold-until-param = "HOLDUNTIL=" date-time  ; of RFC 3339, in UTC
    /// ```
    ///
    /// @rfc 4865 §3
    static Optional<FutureRelease> release(Optional<String> holdFor, Optional<String> holdUntil) throws SyntaxFault {
        if (holdFor.isPresent() && holdUntil.isPresent()) {
            throw fault("5.5.4", "HOLDFOR and HOLDUNTIL exclude each other"); // RFC 4865 §4.2
        }
        if (holdFor.isPresent()) {
            return Optional.of(holdFor(holdFor.get()));
        }
        return holdUntil.isPresent() ? Optional.of(holdUntil(holdUntil.get())) : Optional.empty();
    }

    private static FutureRelease holdFor(String value) throws SyntaxFault {
        OptionalLong seconds = Decimal.parse(value);
        if (value.length() > MOST_DIGITS || value.startsWith("0") || seconds.isEmpty()) {
            throw fault("5.5.4", "HOLDFOR is a number of seconds, 1 to 999999999");
        }
        return new FutureRelease.HoldFor(seconds.getAsLong());
    }

    private static FutureRelease holdUntil(String value) throws SyntaxFault {
        String upper = value.toUpperCase(Locale.ROOT); // RFC 3339 §5.6: t and z too
        if (DATE_TIME.matcher(upper).matches()) {
            try {
                return new FutureRelease.HoldUntil(Instant.parse(upper));
            } catch (DateTimeException noSuchDay) {
                throw noTime();
            }
        }
        throw noTime();
    }

    private static SyntaxFault noTime() {
        return fault("5.5.4", "HOLDUNTIL is a time in UTC such as 2026-06-01T12:00:00Z");
    }

    /// `priority-value = (["-"] %x31-39) / "0"`
    ///
    /// @rfc 6710 §7
    static Optional<Priority> priority(Optional<String> value) throws SyntaxFault {
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!PRIORITY.matcher(value.get()).matches()) {
            throw fault("5.5.2", "MT-PRIORITY is a number from -9 to 9"); // RFC 6710 §4.1
        }
        return Optional.of(new Priority(Integer.parseInt(value.get())));
    }

    private static SyntaxFault fault(String status, String why) {
        return new SyntaxFault(Reply.of(501, status, why));
    }
}
