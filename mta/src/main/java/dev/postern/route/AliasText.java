package dev.postern.route;

import java.util.ArrayList;
import java.util.List;

/// A stretch of an aliases file that belongs together, comments removed, lines joined, blanks at its ends removed;
/// each character knows where it stood.
final class AliasText {
    private final String raw;
    private final List<Aliases.Place> places;

    /// @param places of each character, and of the end
    private AliasText(String raw, List<Aliases.Place> places) {
        this.raw = raw;
        this.places = places;
    }

    /// The text as it is written.
    String raw() {
        return raw;
    }

    /// Cuts a file into its aliases; a quote that is not closed on its line is a fault.
    static List<AliasText> cut(String text, List<Aliases.Fault> faults) {
        List<AliasText> aliases = new ArrayList<>();
        Builder alias = new Builder();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            int end = commentAt(content);
            boolean goesOn = !content.isEmpty() && isBlank(content.charAt(0));
            if (content.substring(0, end).isBlank()) {
                continue;
            }
            if (!goesOn) {
                alias.finish(aliases);
                alias = new Builder();
            } else if (alias.isEmpty()) {
                faults.add(
                        new Aliases.Fault(
                                new Aliases.Place(number, 1),
                                "a line that begins with a blank goes on with the alias above it, and there is none; remove the blank"));
                continue;
            }
            int open = openQuoteAt(content.substring(0, end));
            if (open >= 0) {
                faults.add(new Aliases.Fault(
                        new Aliases.Place(number, open + 1), "a quote is not closed on its line; close it"));
                continue;
            }
            alias.add(content.substring(0, end), number);
        }
        alias.finish(aliases);
        return aliases;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static int commentAt(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '#' && !quoted && (i == 0 || isBlank(line.charAt(i - 1)))) {
                return i;
            }
        }
        return line.length();
    }

    private static int openQuoteAt(String line) {
        int open = -1;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                open = open < 0 ? i : -1;
            }
        }
        return open;
    }

    int length() {
        return raw.length();
    }

    boolean isEmpty() {
        return raw.isEmpty();
    }

    /// Where the character at an index, or the end, stood.
    Aliases.Place place(int index) {
        return places.get(index);
    }

    /// The next place of a character outside of quotes and not behind a backslash; -1 if there is none.
    int indexOf(char wanted, int from) {
        boolean quoted = false;
        for (int i = from; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == wanted && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /// Whether a blank stands outside of quotes and not behind a backslash.
    boolean hasBareBlank() {
        return indexOf(' ', 0) >= 0 || indexOf('\t', 0) >= 0;
    }

    /// The text between two indexes, blanks at its ends removed.
    AliasText part(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && isBlank(raw.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(raw.charAt(end - 1))) {
            end--;
        }
        return new AliasText(raw.substring(start, end), places.subList(start, end + 1));
    }

    /// The text as meant: quotes and backslashes undone.
    String unquoted() {
        StringBuilder meant = new StringBuilder();
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '\\' && i + 1 < raw.length()) {
                meant.append(raw.charAt(++i));
            } else if (c != '"') {
                meant.append(c);
            }
        }
        return meant.toString();
    }

    /// Joins lines.
    private static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final List<Aliases.Place> places = new ArrayList<>();

        boolean isEmpty() {
            return text.isEmpty();
        }

        void add(String line, int number) {
            if (!text.isEmpty()) {
                put(' ', number, 1);
            }
            for (int i = 0; i < line.length(); i++) {
                put(line.charAt(i), number, i + 1);
            }
        }

        private void put(char c, int line, int column) {
            text.append(c);
            places.add(new Aliases.Place(line, column));
        }

        void finish(List<AliasText> aliases) {
            if (!text.isEmpty()) {
                Aliases.Place last = places.getLast();
                places.add(new Aliases.Place(last.line(), last.column() + 1));
                aliases.add(new AliasText(text.toString(), places).part(0, text.length()));
            }
        }
    }
}
