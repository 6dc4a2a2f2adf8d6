package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/// One line of the file of a day. The lines count one after the other: rows add up, what is known of a domain is what
/// stands last, a settlement takes away what stands above it of its domain, and so does that nobody wants it.
///
/// ```
/// policy   = "policy"   TAB domain TAB about                 ; words of the form
/// seen     = "seen"     TAB domain TAB row                   ; words of the form
/// beyond   = "beyond"   TAB domain TAB count
/// settled  = ("sent" / "dropped") TAB domain TAB until TAB count TAB words
/// unwanted = "unwanted" TAB domain
/// ```
///
/// What may hold a tabulator, a comma or the like is coded as in a URL.
sealed interface LedgerLine<P, R> {
    /// Whose policy it is about.
    DomainName domain();

    /// What is known of a domain.
    record Policy<P, R>(DomainName domain, P about) implements LedgerLine<P, R> {}

    /// A row.
    record Seen<P, R>(DomainName domain, R row) implements LedgerLine<P, R> {}

    /// What is in no row.
    record Beyond<P, R>(DomainName domain, long count) implements LedgerLine<P, R> {}

    /// What became of all above.
    record Settled<P, R>(Settlement settlement) implements LedgerLine<P, R> {
        @Override
        public DomainName domain() {
            return settlement.domain();
        }
    }

    /// Nobody wants to know of all above.
    record Unwanted<P, R>(DomainName domain) implements LedgerLine<P, R> {}

    /// The line without its end.
    default String text(LedgerForm<P, R> form) {
        return switch (this) {
            case Policy<P, R> policy -> "policy\t" + policy.domain() + "\t" + form.aboutText(policy.about());
            case Seen<P, R> seen -> "seen\t" + seen.domain() + "\t" + form.rowText(seen.row());
            case Beyond<P, R> beyond -> "beyond\t" + beyond.domain() + "\t" + beyond.count();
            case Settled<P, R>(Settlement it) ->
                (it.fate() == Settlement.Fate.SENT ? "sent" : "dropped") + "\t" + it.domain() + "\t" + it.until() + "\t"
                        + it.count() + "\t" + coded(it.words());
            case Unwanted<P, R> unwanted -> "unwanted\t" + unwanted.domain();
        };
    }

    /// The line of a day that a text is; empty if it is none.
    static <P, R> Optional<LedgerLine<P, R>> parse(LedgerForm<P, R> form, LocalDate day, String text) {
        List<String> words = List.of(text.split("\t", -1));
        try {
            DomainName domain = DomainName.of(words.get(1));
            List<String> rest = words.subList(2, words.size());
            return switch (words.getFirst()) {
                case "policy" -> form.about(rest).map(about -> new Policy<>(domain, about));
                case "seen" -> Optional.of(new Seen<>(domain, form.row(rest)));
                case "beyond" -> Optional.of(new Beyond<>(domain, Long.parseLong(rest.get(0))));
                case "sent" -> Optional.of(settled(day, domain, Settlement.Fate.SENT, rest));
                case "dropped" -> Optional.of(settled(day, domain, Settlement.Fate.DROPPED, rest));
                case "unwanted" -> Optional.of(new Unwanted<>(domain));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException notLine) {
            return Optional.empty(); // the exceptions are how the parts say "no"
        }
    }

    private static <P, R> Settled<P, R> settled(
            LocalDate day, DomainName domain, Settlement.Fate fate, List<String> rest) {
        return new Settled<>(new Settlement(
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
