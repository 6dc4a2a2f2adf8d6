package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.mailauth.dmarc.Alignment;
import dev.postern.mailauth.dmarc.DmarcPolicy;
import dev.postern.mailauth.dmarc.DmarcRecord;
import dev.postern.mailauth.dmarc.FailureOption;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Reads one aggregate report, in the form of RFC 9990 or RFC 7489 or what reporters take for it:
/// elements stand in any order, namespaces and the version may be missing, unknown elements are
/// passed over, and rows that make no sense are left out with a remark.
///
/// @rfc 9990 §3.1.1
final class AggregateReader {
    private final ReportLimits limits;
    private final Remarks remarks = new Remarks();
    private final List<AggregateRow> rows = new ArrayList<>();
    private Optional<ReportMetadata> metadata = Optional.empty();
    private Optional<PolicyPublished> policy = Optional.empty();

    AggregateReader(ReportLimits limits) {
        this.limits = limits;
    }

    Finding read(InputStream xml) throws IOException {
        try {
            XmlCursor cursor = new XmlCursor(new LimitedStream(xml, limits.unpackedOctets(), "the report"));
            if (!cursor.name().equals("feedback")) {
                return new Finding.NoReport("the XML is <" + Words.clean(cursor.name()) + ">, not <feedback>");
            }
            return feedback(cursor);
        } catch (BrokenReportException broken) {
            return broken.finding();
        }
    }

    private Finding feedback(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "report_metadata" -> metadata = Optional.of(metadata(cursor));
                case "policy_published" -> policy = Optional.of(policy(cursor));
                case "record" -> record(cursor);
                default -> cursor.skip();
            }
        }
        if (rows.isEmpty()) {
            throw new BrokenReportException("the report has no record that makes sense" + remarks.first());
        }
        return new Finding.Aggregate(
                new AggregateReport(needed(metadata, "report_metadata"), needed(policy, "policy_published"), rows),
                remarks.all());
    }

    private static <T> T needed(Optional<T> value, String name) throws BrokenReportException {
        return value.orElseThrow(() -> new BrokenReportException("the report has no " + name));
    }

    private static ReportMetadata metadata(XmlCursor cursor) throws IOException {
        String organization = "";
        String email = "";
        Optional<String> contact = Optional.empty();
        Optional<String> generator = Optional.empty();
        String id = "";
        Optional<ReportPeriod> period = Optional.empty();
        List<String> errors = new ArrayList<>();
        while (cursor.child()) {
            switch (cursor.name()) {
                case "org_name" -> organization = cursor.text();
                case "email" -> email = cursor.text();
                case "extra_contact_info" -> contact = Optional.of(cursor.text());
                case "report_id" -> id = cursor.text();
                case "date_range" -> period = Optional.of(period(cursor));
                case "generator" -> generator = Optional.of(cursor.text());
                case "error" -> {
                    String error = cursor.text();
                    if (errors.size() < ReportMetadata.MOST_ERRORS) {
                        errors.add(error);
                    }
                }
                default -> cursor.skip();
            }
        }
        if (organization.isEmpty() && email.isEmpty()) {
            throw new BrokenReportException("the report does not say who made it");
        }
        if (id.isEmpty()) {
            throw new BrokenReportException("the report has no report_id");
        }
        return new ReportMetadata(
                organization.isEmpty() ? email : organization,
                email.isEmpty() ? organization : email,
                contact,
                id,
                needed(period, "date_range"),
                errors,
                generator);
    }

    private static ReportPeriod period(XmlCursor cursor) throws IOException {
        Optional<Instant> begin = Optional.empty();
        Optional<Instant> end = Optional.empty();
        while (cursor.child()) {
            switch (cursor.name()) {
                case "begin" -> begin = instant(cursor.text());
                case "end" -> end = instant(cursor.text());
                default -> cursor.skip();
            }
        }
        try {
            return new ReportPeriod(needed(begin, "time at which it begins"), needed(end, "time at which it ends"));
        } catch (IllegalArgumentException impossible) {
            throw new BrokenReportException("the report is about " + impossible.getMessage());
        }
    }

    private static Optional<Instant> instant(String seconds) {
        return number(seconds).map(Instant::ofEpochSecond);
    }

    /// A number of at most 15 digits, with a point and zeros behind it as some write.
    private static Optional<Long> number(String text) {
        String digits = text.replaceFirst("\\.0*$", "");
        return digits.matches("\\d{1,15}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
    }

    private static PolicyPublished policy(XmlCursor cursor) throws IOException {
        Optional<DomainName> domain = Optional.empty();
        Optional<PolicyPublished.Discovery> discovery = Optional.empty();
        DmarcPolicy p = DmarcPolicy.NONE;
        Optional<DmarcPolicy> sp = Optional.empty();
        Optional<DmarcPolicy> np = Optional.empty();
        Alignment dkim = Alignment.RELAXED;
        Alignment spf = Alignment.RELAXED;
        Set<FailureOption> options = Set.of(FailureOption.ALL_FAIL);
        boolean testing = false;
        while (cursor.child()) {
            switch (cursor.name()) {
                case "domain" -> domain = DomainName.parse(cursor.text());
                case "discovery_method" ->
                    discovery = Vocabulary.word(PolicyPublished.Discovery.values(), cursor.text());
                case "p" -> p = policy(cursor.text()).orElse(DmarcPolicy.NONE);
                case "sp" -> sp = policy(cursor.text());
                case "np" -> np = policy(cursor.text());
                case "adkim" -> dkim = alignment(cursor.text());
                case "aspf" -> spf = alignment(cursor.text());
                case "fo" -> options = options(cursor.text());
                case "testing" -> testing = cursor.text().equalsIgnoreCase("y");
                default -> cursor.skip();
            }
        }
        return new PolicyPublished(
                needed(domain, "domain in policy_published"),
                discovery,
                new DmarcRecord.Policies(p, sp, np),
                new DmarcRecord.Alignments(dkim, spf),
                options,
                testing);
    }

    private static Optional<DmarcPolicy> policy(String word) {
        return Vocabulary.word(DmarcPolicy.values(), word);
    }

    /// Some reporters write the word, not the letter.
    private static Alignment alignment(String word) {
        return word.toLowerCase(Locale.ROOT).startsWith("s") ? Alignment.STRICT : Alignment.RELAXED;
    }

    private static Set<FailureOption> options(String text) {
        Set<FailureOption> options = EnumSet.noneOf(FailureOption.class);
        for (String letter : text.split("[:, ]+", -1)) {
            Vocabulary.word(FailureOption.values(), letter).ifPresent(options::add);
        }
        return options.isEmpty() ? Set.of(FailureOption.ALL_FAIL) : options;
    }

    private void record(XmlCursor cursor) throws IOException {
        if (rows.size() == limits.rows()) {
            throw new BrokenReportException("the report has more than " + limits.rows() + " records");
        }
        Optional<AggregateRow> row = new RowReader(remarks).read(cursor);
        row.ifPresent(rows::add);
    }
}
