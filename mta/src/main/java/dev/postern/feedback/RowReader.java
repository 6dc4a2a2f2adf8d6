package dev.postern.feedback;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.feedback.PolicyEvaluated.Aligned;
import dev.postern.feedback.PolicyEvaluated.OverrideType;
import dev.postern.feedback.PolicyEvaluated.Reason;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads one `record` of an aggregate report.
///
/// @rfc 9990 §3.1.1.7
final class RowReader {
    private final Remarks remarks;
    private String source = "";
    private String count = "";
    private String headerFrom = "";
    private Optional<DomainName> envelopeFrom = Optional.empty();
    private Optional<DomainName> envelopeTo = Optional.empty();
    private Disposition disposition = Disposition.NONE;
    private Aligned dkimAligned = Aligned.FAIL;
    private Aligned spfAligned = Aligned.FAIL;
    private final List<Reason> reasons = new ArrayList<>();
    private final List<DkimAuthResult> dkim = new ArrayList<>();
    private final List<SpfAuthResult> spf = new ArrayList<>();

    RowReader(Remarks remarks) {
        this.remarks = remarks;
    }

    /// The row; empty if it makes no sense, which is remarked.
    Optional<AggregateRow> read(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "row" -> row(cursor);
                case "identifiers", "identities" -> identifiers(cursor); // the latter in drafts of DMARC
                case "auth_results" -> results(cursor);
                default -> cursor.skip();
            }
        }
        return row();
    }

    private Optional<AggregateRow> row() {
        Optional<InetAddress> address = IpText.ip(source);
        Optional<DomainName> author = DomainName.parse(headerFrom);
        long messages = count.matches("\\d{1,18}") ? Long.parseLong(count) : 0;
        if (address.isEmpty() || author.isEmpty() || messages < 1 || messages > AggregateRow.MOST) {
            remarks.add("a record is left out: source_ip '" + source + "', count '" + count + "', header_from '"
                    + headerFrom + "'");
            return Optional.empty();
        }
        return Optional.of(new AggregateRow(
                address.get(),
                messages,
                new PolicyEvaluated(disposition, dkimAligned, spfAligned, reasons),
                new AggregateRow.Identifiers(author.get(), envelopeFrom, envelopeTo),
                new AuthResults(dkim, spf)));
    }

    private void row(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "source_ip" -> source = cursor.text();
                case "count" -> count = cursor.text();
                case "policy_evaluated" -> evaluated(cursor);
                default -> cursor.skip();
            }
        }
    }

    private void evaluated(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "disposition" ->
                    disposition =
                            Vocabulary.word(Disposition.values(), cursor.text()).orElse(Disposition.NONE);
                case "dkim" -> dkimAligned = aligned(cursor.text());
                case "spf" -> spfAligned = aligned(cursor.text());
                case "reason" -> reason(cursor);
                default -> cursor.skip();
            }
        }
    }

    private static Aligned aligned(String word) {
        return Aligned.of(word.equalsIgnoreCase("pass"));
    }

    private void reason(XmlCursor cursor) throws IOException {
        String type = "";
        Optional<String> comment = Optional.empty();
        while (cursor.child()) {
            switch (cursor.name()) {
                case "type" -> type = cursor.text();
                case "comment" -> comment = Optional.of(cursor.text());
                default -> cursor.skip();
            }
        }
        boolean isEmpty =
                type.isEmpty() && comment.filter(said -> !said.isEmpty()).isEmpty();
        if (!isEmpty && reasons.size() < PolicyEvaluated.MOST_REASONS) {
            reasons.add(new Reason(override(type), comment));
        }
    }

    /// RFC 7489 had `forwarded` and `sampled_out`, too.
    private static OverrideType override(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "forwarded" -> OverrideType.TRUSTED_FORWARDER;
            case "sampled_out" -> OverrideType.POLICY_TEST_MODE;
            default -> Vocabulary.word(OverrideType.values(), word).orElse(OverrideType.OTHER);
        };
    }

    private void identifiers(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "header_from" -> headerFrom = cursor.text();
                case "envelope_from" -> envelopeFrom = DomainName.parse(cursor.text());
                case "envelope_to" -> envelopeTo = DomainName.parse(cursor.text());
                default -> cursor.skip();
            }
        }
    }

    private void results(XmlCursor cursor) throws IOException {
        while (cursor.child()) {
            switch (cursor.name()) {
                case "dkim" -> {
                    Result read = Result.read(cursor);
                    read.dkim().filter(any -> dkim.size() < AuthResults.MOST).ifPresent(dkim::add);
                }
                case "spf" -> {
                    Result read = Result.read(cursor);
                    read.spf().filter(any -> spf.size() < AuthResults.MOST).ifPresent(spf::add);
                }
                default -> cursor.skip();
            }
        }
    }

    /// What stands in a result of either kind.
    private record Result(String domain, String selector, String scope, String result, Optional<String> human) {
        static Result read(XmlCursor cursor) throws IOException {
            String domain = "";
            String selector = "";
            String scope = "";
            String result = "";
            Optional<String> human = Optional.empty();
            while (cursor.child()) {
                switch (cursor.name()) {
                    case "domain" -> domain = cursor.text();
                    case "selector" -> selector = cursor.text();
                    case "scope" -> scope = cursor.text();
                    case "result" -> result = cursor.text().toLowerCase(Locale.ROOT);
                    case "human_result" -> human = Optional.of(cursor.text());
                    default -> cursor.skip();
                }
            }
            return new Result(domain, selector, scope, result, human);
        }

        /// A result whose domain is none, as of messages without a signature, is none.
        Optional<DkimAuthResult> dkim() {
            return DomainName.parse(domain)
                    .map(signer -> new DkimAuthResult(signer, Optional.of(selector), dkimOutcome(), human));
        }

        Optional<SpfAuthResult> spf() {
            return DomainName.parse(domain).map(sender -> new SpfAuthResult(sender, identity(), spfOutcome(), human));
        }

        private DkimOutcome dkimOutcome() {
            return switch (result) {
                case "pass" -> DkimOutcome.PASS;
                case "fail", "hardfail" -> DkimOutcome.FAIL;
                case "policy" -> DkimOutcome.POLICY;
                case "neutral", "invalid" -> DkimOutcome.NEUTRAL;
                case "temperror" -> DkimOutcome.TEMPERROR;
                case "permerror", "error" -> DkimOutcome.PERMERROR;
                default -> DkimOutcome.NONE;
            };
        }

        /// `unknown`, `error` and `hardfail` come from the time before RFC 7208.
        private SpfOutcome spfOutcome() {
            return switch (result) {
                case "pass" -> SpfOutcome.PASS;
                case "fail", "hardfail" -> SpfOutcome.FAIL;
                case "softfail" -> SpfOutcome.SOFTFAIL;
                case "neutral" -> SpfOutcome.NEUTRAL;
                case "temperror", "unknown" -> SpfOutcome.TEMPERROR;
                case "permerror", "error" -> SpfOutcome.PERMERROR;
                default -> SpfOutcome.NONE;
            };
        }

        private Optional<SpfIdentity> identity() {
            return switch (scope.toLowerCase(Locale.ROOT)) {
                case "mfrom", "mailfrom" -> Optional.of(SpfIdentity.MAIL_FROM);
                case "helo" -> Optional.of(SpfIdentity.HELO);
                default -> Optional.empty();
            };
        }
    }
}
