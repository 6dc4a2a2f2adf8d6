package dev.postern.dsn;

import dev.postern.event.Unprintable;
import dev.postern.message.MailDate;
import dev.postern.smtp.FutureRelease;
import dev.postern.smtp.OriginalRecipient;
import dev.postern.smtp.Utf8AddrXtext;
import dev.postern.spool.SpooledMessage;
import java.util.Locale;
import java.util.random.RandomGenerator;

/// Writes reports as messages: for a human, for a program, and what comes back of the message;
/// used by any number of threads.
///
/// One report joins recipients of one message that came to the same at about the same time. Nothing
/// that comes from outside can become a header field or a part of its own: texts lose their
/// control characters, and the boundary cannot be guessed.
///
/// Where the message came with SMTPUTF8, its sender's side can read UTF-8 in reports too (RFC
/// 6533); else addresses beyond ASCII are written in the form of RFC 6533 §3, and other texts
/// lose what is beyond ASCII.
///
/// @spec https://www.rfc-editor.org/rfc/rfc3464 RFC 3464
public final class DsnComposer {
    private static final int BOUNDARY_DIGITS = 26;
    private static final int RADIX = 32;

    private final DsnSettings settings;
    private final RandomGenerator random;

    /// @param random cannot be guessed, and is safe for use by many threads
    public DsnComposer(DsnSettings settings, RandomGenerator random) {
        this.settings = settings;
        this.random = random;
    }

    /// The content of a report, header and body with CRLF line ends, to be sent to the message's
    /// reverse-path from the null path.
    public byte[] compose(Report report) {
        boolean international = report.message().parameters().smtpUtf8();
        ReturnedMessage returned = ReturnedMessage.of(report, settings);
        byte[] words = new ReportText(settings, report, international).octets();
        byte[] status = status(report, international);
        String unique = digits();
        String boundary = "=_" + unique;
        ReportOctets out = new ReportOctets(international);
        header(out, report, returned, unique);
        boolean eightBit = ReportOctets.isEightBit(words)
                || ReportOctets.isEightBit(status)
                || ReportOctets.isEightBit(returned.octets());
        encoding(out, eightBit);
        out.line("").line("This is a report on the delivery of a message, in several parts (RFC 6522).");
        part(out, boundary, "text/plain; charset=" + (international ? "utf-8" : "us-ascii"), words);
        part(
                out,
                boundary,
                "message/" + (isGlobal(international, status) ? "global-" : "") + "delivery-status",
                status);
        part(out, boundary, returnedType(returned, international), returned.octets());
        return out.line("").line("--" + boundary + "--").toByteArray();
    }

    private void header(ReportOctets out, Report report, ReturnedMessage returned, String unique) {
        out.field("Date", MailDate.format(report.now()));
        out.field("From", "\"" + settings.name() + "\" <" + settings.author() + ">");
        out.field("To", "<" + report.message().reversePath() + ">");
        out.field("Subject", subject(report.action()));
        out.field("Message-ID", "<" + unique + "." + report.message().id() + "@" + settings.hostname() + ">");
        returned.messageId().ifPresent(id -> out.field("In-Reply-To", id).field("References", id));
        out.field("Auto-Submitted", "auto-replied");
        if (report.message().traits().tlsOptional()
                && !report.message().parameters().handling().requireTls()) {
            out.field("TLS-Required", "No"); // RFC 8689 §5: what had to arrive is told of in the same way
        }
        out.line("MIME-Version: 1.0");
        out.line("Content-Type: multipart/report; report-type=delivery-status;");
        out.line(" boundary=\"=_" + unique + "\"");
    }

    private static String subject(Action action) {
        return switch (action) {
            case FAILED -> "Your message could not be delivered";
            case DELAYED -> "Your message is delayed";
            case DELIVERED -> "Your message was delivered";
            case RELAYED -> "Your message was passed on";
            case EXPANDED -> "Your message was sent to a list";
        };
    }

    private static void encoding(ReportOctets out, boolean eightBit) {
        if (eightBit) {
            out.line("Content-Transfer-Encoding: 8bit");
        }
    }

    private static void part(ReportOctets out, String boundary, String type, byte[] octets) {
        out.line("").line("--" + boundary).line("Content-Type: " + type);
        encoding(out, ReportOctets.isEightBit(octets));
        out.line("").raw(octets);
    }

    /// Whether the part for programs is the international one: only where it has to be, since
    /// fewer programs know it.
    private static boolean isGlobal(boolean international, byte[] status) {
        return international && ReportOctets.isEightBit(status);
    }

    private static String returnedType(ReturnedMessage returned, boolean international) {
        boolean global = international && returned.hasEightBitHeader();
        if (returned.whole()) {
            return global ? "message/global" : "message/rfc822";
        }
        return global ? "message/global-headers" : "text/rfc822-headers";
    }

    /// The part for programs (RFC 3464 §2).
    private byte[] status(Report report, boolean international) {
        SpooledMessage message = report.message();
        ReportOctets out = new ReportOctets(international);
        message.parameters().envelopeId().ifPresent(id -> out.field("Original-Envelope-Id", id));
        out.field("Reporting-MTA", "dns; " + settings.hostname());
        out.field("Arrival-Date", MailDate.format(message.arrived()));
        message.deliverBy().ifPresent(time -> out.field("Deliver-By-Date", MailDate.format(time))); // RFC 2852 §5
        message.parameters()
                .handling()
                .release()
                .ifPresent(release -> out.field("Future-Release-Request", request(release))); // RFC 4865 §5.1.2
        for (RecipientReport one : report.recipients()) {
            out.line("");
            one.recipient()
                    .recipient()
                    .parameters()
                    .originalRecipient()
                    .ifPresent(original -> out.field("Original-Recipient", original(original, international)));
            out.field("Final-Recipient", address(one.address(), international));
            out.field("Action", report.action().word());
            out.field("Status", one.status().toString());
            one.remote().ifPresent(remote -> out.field("Remote-MTA", "dns; " + remote.host()));
            out.field("Diagnostic-Code", diagnostic(one));
            one.lastAttempt().ifPresent(last -> out.field("Last-Attempt-Date", MailDate.format(last)));
            out.field("Final-Log-ID", message.id().toString());
            one.retryUntil().ifPresent(until -> out.field("Will-Retry-Until", MailDate.format(until)));
        }
        return out.toByteArray();
    }

    /// `orig-hold-param-value = ("for;" future-release-interval) / ("until;" future-release-date-time)`
    private static String request(FutureRelease release) {
        return switch (release) {
            case FutureRelease.HoldFor _ -> "for;" + release.value();
            case FutureRelease.HoldUntil _ -> "until;" + release.value();
        };
    }

    private static String diagnostic(RecipientReport one) {
        return one.remote()
                .map(RecipientReport.Remote::words)
                .filter(words -> !words.isEmpty())
                .map(words -> "smtp; " + words)
                .orElseGet(() -> "X-Postern; " + one.why());
    }

    private static String original(OriginalRecipient original, boolean international) {
        return original.addressType().toLowerCase(Locale.ROOT).equals("utf-8")
                        && !isShown(original.address(), international)
                ? "utf-8;" + Utf8AddrXtext.encode(original.address())
                : original.toString();
    }

    /// An address with its type (RFC 6533 §3).
    private static String address(String address, boolean international) {
        if (address.chars().allMatch(c -> c < 128)) {
            return "rfc822;" + address;
        }
        return "utf-8;" + (isShown(address, international) ? address : Utf8AddrXtext.encode(address));
    }

    /// Whether an address beyond ASCII can stand as it is.
    private static boolean isShown(String address, boolean international) {
        return international && !Unprintable.anyIn(address);
    }

    private String digits() {
        StringBuilder digits = new StringBuilder(BOUNDARY_DIGITS);
        for (int i = 0; i < BOUNDARY_DIGITS; i++) {
            digits.append(Character.forDigit(random.nextInt(RADIX), RADIX));
        }
        return digits.toString();
    }
}
