package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.dns.IpText;
import dev.postern.feedback.AggregateRow;
import dev.postern.feedback.AuthResults;
import dev.postern.feedback.Disposition;
import dev.postern.feedback.DkimAuthResult;
import dev.postern.feedback.PolicyEvaluated;
import dev.postern.feedback.SpfAuthResult;
import dev.postern.mailauth.dkim.DkimOutcome;
import dev.postern.mailauth.spf.SpfIdentity;
import dev.postern.mailauth.spf.SpfOutcome;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A row as words of a line of the ledger, and back.
///
/// ```
/// row         = count TAB source TAB evaluated TAB identifiers TAB [ dkim *("," dkim) ] TAB [ spf *("," spf) ]
/// evaluated   = disposition "," aligned "," aligned *("," reason "/" comment)
/// identifiers = header-from "," [ envelope-from ]
/// dkim        = domain "/" selector "/" result
/// spf         = domain "/" [ scope ] "/" result
/// ```
final class RowText {
    private static final int WORDS = 6;

    private RowText() {}

    /// The words of a row with tabulators between; nothing of it is lost but comments on results.
    static String write(AggregateRow row) {
        PolicyEvaluated evaluated = row.evaluated();
        String verdict = Stream.concat(
                        Stream.of(evaluated.disposition(), evaluated.dkim(), evaluated.spf())
                                .map(Object::toString),
                        evaluated.reasons().stream()
                                .map(reason -> reason.type() + "/"
                                        + LedgerLine.coded(reason.comment().orElse(""))))
                .collect(Collectors.joining(","));
        return String.join(
                "\t",
                String.valueOf(row.count()),
                row.source().getHostAddress(),
                verdict,
                row.identifiers().headerFrom() + ","
                        + row.identifiers().envelopeFrom().map(DomainName::text).orElse(""),
                row.results().dkim().stream().map(RowText::dkim).collect(Collectors.joining(",")),
                row.results().spf().stream().map(RowText::spf).collect(Collectors.joining(",")));
    }

    private static String dkim(DkimAuthResult one) {
        return one.domain() + "/" + LedgerLine.coded(one.selector().orElse("")) + "/"
                + one.result().word();
    }

    private static String spf(SpfAuthResult one) {
        return one.domain() + "/" + one.scope().map(SpfIdentity::word).orElse("") + "/"
                + one.result().word();
    }

    /// The row that words are.
    ///
    /// @throws IllegalArgumentException or IndexOutOfBoundsException if they are none
    static AggregateRow read(List<String> words) {
        if (words.size() != WORDS) {
            throw new IllegalArgumentException(words.size() + " words");
        }
        List<String> identifiers = parts(words.get(3));
        return new AggregateRow(
                address(words.get(1)),
                Long.parseLong(words.get(0)),
                evaluated(parts(words.get(2))),
                new AggregateRow.Identifiers(
                        DomainName.of(identifiers.get(0)), domain(identifiers.get(1)), Optional.empty()),
                new AuthResults(each(words.get(4), RowText::readDkim), each(words.get(5), RowText::readSpf)));
    }

    private static List<String> parts(String text) {
        return List.of(text.split(",", -1));
    }

    private static <T> List<T> each(String text, Function<List<String>, T> reader) {
        return text.isEmpty()
                ? List.of()
                : parts(text).stream()
                        .map(part -> reader.apply(List.of(part.split("/", -1))))
                        .toList();
    }

    private static InetAddress address(String text) {
        return IpText.ip4(text)
                .<InetAddress>map(address -> address)
                .or(() -> IpText.ip6(text))
                .orElseThrow(() -> new IllegalArgumentException("no address"));
    }

    private static Optional<DomainName> domain(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(DomainName.of(text));
    }

    private static Optional<String> optional(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private static PolicyEvaluated evaluated(List<String> words) {
        return new PolicyEvaluated(
                word(Disposition.values(), Disposition::toString, words.get(0)),
                word(PolicyEvaluated.Aligned.values(), PolicyEvaluated.Aligned::toString, words.get(1)),
                word(PolicyEvaluated.Aligned.values(), PolicyEvaluated.Aligned::toString, words.get(2)),
                words.subList(3, words.size()).stream()
                        .map(text -> List.of(text.split("/", -1)))
                        .map(parts -> new PolicyEvaluated.Reason(
                                word(
                                        PolicyEvaluated.OverrideType.values(),
                                        PolicyEvaluated.OverrideType::toString,
                                        parts.get(0)),
                                optional(LedgerLine.decoded(parts.get(1)))))
                        .toList());
    }

    private static DkimAuthResult readDkim(List<String> parts) {
        return new DkimAuthResult(
                DomainName.of(parts.get(0)),
                optional(LedgerLine.decoded(parts.get(1))),
                word(DkimOutcome.values(), DkimOutcome::word, parts.get(2)),
                Optional.empty());
    }

    private static SpfAuthResult readSpf(List<String> parts) {
        return new SpfAuthResult(
                DomainName.of(parts.get(0)),
                optional(parts.get(1)).map(scope -> word(SpfIdentity.values(), SpfIdentity::word, scope)),
                word(SpfOutcome.values(), SpfOutcome::word, parts.get(2)),
                Optional.empty());
    }

    private static <E> E word(E[] all, Function<E, String> name, String text) {
        return Arrays.stream(all)
                .filter(one -> name.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such word: " + text));
    }
}
