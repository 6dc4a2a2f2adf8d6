package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.feedback.AggregateRow;
import dev.postern.mailauth.dmarc.DmarcRecord;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// One line of the file of a day. The lines count one after the other: rows add up, the policy that stands last holds,
/// a settlement takes away what stands above it of its domain.
///
/// ```
/// policy  = "policy"  TAB domain TAB record
/// seen    = "seen"    TAB domain TAB count TAB source TAB evaluated TAB identifiers TAB dkim TAB spf
/// beyond  = "beyond"  TAB domain TAB count
/// settled = ("sent" / "dropped") TAB domain TAB until TAB count TAB words
/// ```
///
/// What may hold a tabulator, a comma or the like is coded as in a URL.
sealed interface LedgerLine {
    /// Whose policy it is about.
    DomainName domain();

    /// The policy of a domain.
    record Policy(DomainName domain, DmarcRecord record) implements LedgerLine {}

    /// Messages.
    record Seen(DomainName domain, AggregateRow row) implements LedgerLine {}

    /// Messages in no row.
    record Beyond(DomainName domain, long count) implements LedgerLine {}

    /// What became of all above.
    record Settled(Settlement settlement) implements LedgerLine {
        @Override
        public DomainName domain() {
            return settlement.domain();
        }
    }

    /// The line without its end.
    default String text() {
        return switch (this) {
            case Policy policy ->
                "policy\t" + policy.domain() + "\t" + coded(policy.record().toString());
            case Seen seen -> "seen\t" + seen.domain() + "\t" + RowText.write(seen.row());
            case Beyond beyond -> "beyond\t" + beyond.domain() + "\t" + beyond.count();
            case Settled(Settlement it) ->
                (it.fate() == Settlement.Fate.SENT ? "sent" : "dropped") + "\t" + it.domain() + "\t" + it.until() + "\t"
                        + it.messages() + "\t" + coded(it.words());
        };
    }

    /// The line of a day that a text is; empty if it is none.
    static Optional<LedgerLine> parse(LocalDate day, String text) {
        List<String> words = List.of(text.split("\t", -1));
        try {
            DomainName domain = DomainName.of(words.get(1));
            List<String> rest = words.subList(2, words.size());
            return switch (words.getFirst()) {
                case "policy" -> DmarcRecord.parse(decoded(rest.get(0))).map(record -> new Policy(domain, record));
                case "seen" -> Optional.of(new Seen(domain, RowText.read(rest)));
                case "beyond" -> Optional.of(new Beyond(domain, Long.parseLong(rest.get(0))));
                case "sent" -> Optional.of(settled(day, domain, Settlement.Fate.SENT, rest));
                case "dropped" -> Optional.of(settled(day, domain, Settlement.Fate.DROPPED, rest));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException notLine) {
            return Optional.empty(); // the exceptions are how the parts say "no"
        }
    }

    private static Settled settled(LocalDate day, DomainName domain, Settlement.Fate fate, List<String> rest) {
        return new Settled(new Settlement(
                day, domain, Instant.parse(rest.get(0)), Long.parseLong(rest.get(1)), fate, decoded(rest.get(2))));
    }

    /// A text without tabulators, commas, slashes and line ends.
    static String coded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The text that was coded.
    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
