package dev.postern.mailauth.spf;

import java.util.List;
import java.util.Optional;

/// What a domain publishes about the hosts that may send in its name.
///
/// `toString` gives the record back, with one space between terms.
///
/// @param terms what stands behind the version, in order
/// @rfc 7208 §4.5, §4.6
public record SpfRecord(List<Term> terms) {
    private static final String VERSION = "v=spf1";

    /// @throws IllegalArgumentException if redirect or exp stands there twice
    public SpfRecord {
        terms = List.copyOf(terms);
        if (terms.stream().filter(Modifier.Redirect.class::isInstance).count() > 1
                || terms.stream().filter(Modifier.Explanation.class::isInstance).count() > 1) {
            throw new IllegalArgumentException("redirect or exp stands there twice");
        }
    }

    /// What a text was read as.
    public sealed interface Reading {}

    /// The text is a record.
    public record Good(SpfRecord record) implements Reading {}

    /// The text is none, or one with errors, which must not be followed at all.
    ///
    /// @param faults the first of them, at least one, in the order of the text
    public record Bad(List<Fault> faults) implements Reading {
        /// How many faults are told.
        public static final int MOST_FAULTS = 20;

        public Bad {
            faults = List.copyOf(faults);
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("a bad record without a fault");
            }
        }
    }

    /// What is wrong in a record, and where.
    ///
    /// @param column where the term begins, from 1
    /// @param term the term, made printable and cut
    /// @param what a sentence that says what to write instead
    public record Fault(int column, String term, String what) {
        @Override
        public String toString() {
            return "column " + column + ", " + term + ": " + what;
        }
    }

    /// Whether a text begins with the version, and so means to be a record, right or wrong (RFC
    /// 7208 §4.5).
    public static boolean isRecord(String text) {
        return text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
    }

    /// Reads the text of one TXT record, all of it.
    public static Reading parse(String text) {
        return isRecord(text)
                ? new RecordReader(text, VERSION.length()).read()
                : new Bad(List.of(new Fault(
                        1, Printable.of(text, RecordReader.SHOWN), "a record begins with v=spf1 and a space")));
    }

    /// The directives, in order.
    public List<Directive> directives() {
        return terms.stream()
                .filter(Directive.class::isInstance)
                .map(Directive.class::cast)
                .toList();
    }

    /// Where to go on if no mechanism matches.
    public Optional<Modifier.Redirect> redirect() {
        return terms.stream()
                .filter(Modifier.Redirect.class::isInstance)
                .map(Modifier.Redirect.class::cast)
                .findFirst();
    }

    /// Where the words for those who are refused stand.
    public Optional<Modifier.Explanation> explanation() {
        return terms.stream()
                .filter(Modifier.Explanation.class::isInstance)
                .map(Modifier.Explanation.class::cast)
                .findFirst();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(VERSION);
        terms.forEach(term -> text.append(' ').append(term.text()));
        return text.toString();
    }
}
