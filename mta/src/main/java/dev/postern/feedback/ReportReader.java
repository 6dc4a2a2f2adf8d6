package dev.postern.feedback;

import dev.postern.message.MessageReader;
import dev.postern.mime.MimeDefect;
import dev.postern.mime.MimeEntity;
import dev.postern.mime.MimeLimits;
import dev.postern.mime.MimeReader;
import dev.postern.mime.PartVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/// Finds out whether a message is a report, and which; used by any number of threads.
///
/// The first part that is a report counts; where one is broken, a later one that is not counts
/// more. Messages within the message are not looked into, so a report that comes back undelivered is
/// a {@link Finding.Delivery}.
public final class ReportReader {
    private static final MimeLimits STRUCTURE = new MimeLimits(10, 100, 256 << 10);

    private final ReportLimits limits;

    public ReportReader(ReportLimits limits) {
        this.limits = limits;
    }

    /// What a message is.
    ///
    /// @param message header and body with CRLF line ends; the caller closes it
    /// @throws IOException if the message itself cannot be read
    public Finding read(InputStream message) throws IOException {
        Search search = new Search();
        try {
            Set<MimeDefect> defects = new MimeReader(STRUCTURE)
                    .read(new LimitedStream(message, limits.messageOctets(), "the message"), search);
            return search.finding(defects);
        } catch (BrokenReportException tooLong) {
            return search.report().orElseGet(tooLong::finding);
        }
    }

    private final class Search implements PartVisitor {
        private final Attachment attachment = new Attachment(limits);
        private Finding finding = new Finding.NoReport("no part of the message is a report");
        private Optional<ReturnedHeader> returned = Optional.empty();

        @Override
        public void part(MimeEntity part, InputStream content) throws IOException {
            switch (part.type().toString()) {
                case "message/delivery-status", "message/global-delivery-status" -> {
                    if (report().isEmpty()) {
                        finding = status(content);
                    }
                }
                case "message/feedback-report" -> {
                    if (report().isEmpty()) {
                        finding = feedback(content);
                    }
                }
                case "message/rfc822",
                        "message/global",
                        "message/global-headers",
                        "message/rfc822-headers",
                        "text/rfc822-headers",
                        "text/rfc822" -> {
                    if (returned.isEmpty()) {
                        returned = Optional.of(header(content));
                    }
                }
                default -> {
                    if (report().isEmpty() && Attachment.isOne(part)) {
                        better(attachment.read(content));
                    }
                }
            }
        }

        private Finding status(InputStream content) throws IOException {
            try {
                return new Finding.Delivery(DeliveryReader.read(content));
            } catch (BrokenReportException broken) {
                return broken.finding();
            }
        }

        private Finding feedback(InputStream content) throws IOException {
            try {
                return new Finding.Abuse(AbuseReader.read(content));
            } catch (BrokenReportException broken) {
                return broken.finding();
            }
        }

        private static ReturnedHeader header(InputStream content) throws IOException {
            try {
                return new ReturnedHeader(
                        MessageReader.read(content, STRUCTURE.headerOctets()).header());
            } catch (MessageReader.HeaderTooLongException tooLong) {
                return ReturnedHeader.NONE; // such a message is tied to nothing
            }
        }

        /// Keeps the first broken report while there is nothing better.
        private void better(Finding other) {
            boolean better = switch (other) {
                case Finding.Aggregate _, Finding.Tls _, Finding.Abuse _, Finding.Delivery _ -> true;
                case Finding.Broken _, Finding.NoReport _ -> !(finding instanceof Finding.Broken);
            };
            if (better) {
                finding = other;
            }
        }

        /// The report that was found, if it is one.
        Optional<Finding> report() {
            return switch (finding) {
                case Finding.Aggregate _, Finding.Tls _ -> Optional.of(finding);
                case Finding.Abuse abuse ->
                    Optional.of(new Finding.Abuse(abuse.report().with(returned.orElse(ReturnedHeader.NONE))));
                case Finding.Delivery delivery ->
                    Optional.of(new Finding.Delivery(delivery.report().with(returned.orElse(ReturnedHeader.NONE))));
                case Finding.NoReport _, Finding.Broken _ -> Optional.empty();
            };
        }

        Finding finding(Set<MimeDefect> defects) {
            if (report().isEmpty()
                    && finding instanceof Finding.NoReport
                    && defects.contains(MimeDefect.HEADER_TOO_LONG)) {
                return new Finding.Broken("a header of the message is too long");
            }
            return report().orElse(finding);
        }
    }
}
