package dev.postern.feedback;

import dev.postern.dns.DomainName;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A report about one message or a few: a complaint, or a failed authentication (ARF).
///
/// @param type what it is about
/// @param userAgent the program that made it, empty where it is not told
/// @param subject the message
/// @param reported whom it is about
/// @param incidents for how many incidents it stands, 1 to {@value AggregateRow#MOST}
/// @param failure what failed, for {@link FeedbackType#AUTH_FAILURE}
/// @param returned the header of the message
/// @spec https://www.rfc-editor.org/rfc/rfc5965 RFC 5965
public record AbuseReport(
        FeedbackType type,
        String userAgent,
        Subject subject,
        Reported reported,
        long incidents,
        Optional<AuthFailure> failure,
        ReturnedHeader returned) {
    /// The most fields of a kind that may stand there several times.
    public static final int MOST_REPEATED = 100;

    /// What reports are about.
    ///
    /// @rfc 5965 §7.3
    public enum FeedbackType {
        /// Unwanted mail.
        ABUSE,
        /// Fraud, phishing.
        FRAUD,
        /// A virus in the message.
        VIRUS,
        /// What was taken for unwanted is not.
        NOT_SPAM,
        /// A failed authentication (RFC 6591).
        AUTH_FAILURE,
        /// Something else, or a kind we do not know.
        OTHER;

        /// The word in reports, such as `auth-failure`.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /// The message that a report is about, as far as it is told.
    ///
    /// @param envelopeId its `ENVID` (RFC 3461)
    /// @param mailFrom its reverse-path without angle brackets, empty text for the null path
    /// @param recipients its forward-paths without angle brackets
    /// @param arrival when it came
    /// @param source the address it came from
    /// @param reportingMta the name of the server that took it
    public record Subject(
            Optional<String> envelopeId,
            Optional<String> mailFrom,
            List<String> recipients,
            Optional<Instant> arrival,
            Optional<InetAddress> source,
            Optional<String> reportingMta) {
        /// Texts are made harmless.
        ///
        /// @throws IllegalArgumentException if there are too many recipients
        public Subject {
            envelopeId = Words.optional(envelopeId);
            mailFrom = mailFrom.map(Words::clean);
            recipients = limited(recipients, "recipients");
            reportingMta = Words.optional(reportingMta);
        }
    }

    /// Whom a report is about, as the reporter sees it.
    ///
    /// @param domains the domains
    /// @param uris what stands in the message and leads there
    public record Reported(List<DomainName> domains, List<String> uris) {
        /// Texts are made harmless.
        ///
        /// @throws IllegalArgumentException if there are too many
        public Reported {
            domains = List.copyOf(domains);
            uris = limited(uris, "URIs");
            if (domains.size() > MOST_REPEATED) {
                throw new IllegalArgumentException("more than " + MOST_REPEATED + " domains");
            }
        }
    }

    /// @throws IllegalArgumentException if the number is out of bounds, or a failure is told in a
    ///     report about something else
    public AbuseReport {
        userAgent = Words.clean(userAgent);
        if (incidents < 1 || incidents > AggregateRow.MOST) {
            throw new IllegalArgumentException(incidents + " incidents");
        }
        if (failure.isPresent() && type != FeedbackType.AUTH_FAILURE) {
            throw new IllegalArgumentException("a failed authentication in a report of type " + type);
        }
    }

    /// The same report with the header of the message.
    AbuseReport with(ReturnedHeader header) {
        return new AbuseReport(type, userAgent, subject, reported, incidents, failure, header);
    }

    private static List<String> limited(List<String> texts, String what) {
        if (texts.size() > MOST_REPEATED) {
            throw new IllegalArgumentException("more than " + MOST_REPEATED + " " + what);
        }
        return texts.stream().map(Words::clean).toList();
    }
}
