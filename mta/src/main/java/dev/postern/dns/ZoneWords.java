package dev.postern.dns;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts a master file into entries of words: comments, quotes, escapes and parentheses are undone; used once.
///
/// ```
/// word   = 1*( char / escape ) / DQUOTE *( char / escape / blank ) DQUOTE
/// escape = "\" 3DIGIT / "\" char
/// ```
///
/// @rfc 1035 §5.1
final class ZoneWords {
    private static final int MAX_OCTET = 255;

    private final String text;
    private final List<Zone.Fault> faults;
    private final List<List<ZoneWord>> entries = new ArrayList<>();
    private List<ZoneWord> entry = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;
    private int depth;

    ZoneWords(String text, List<Zone.Fault> faults) {
        this.text = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        this.faults = faults;
    }

    /// The entries that hold at least one word.
    List<List<ZoneWord>> entries() {
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '\n' -> {
                    at++;
                    newLine();
                }
                case ' ', '\t', '\r' -> at++;
                case ';' -> {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end;
                }
                case '(' -> {
                    depth++;
                    at++;
                }
                case ')' -> close();
                case '"' -> entry.add(quoted());
                default -> entry.add(plain());
            }
        }
        if (depth > 0) {
            fault("a parenthesis is not closed; add a )");
        }
        endEntry();
        return entries;
    }

    private void close() {
        if (depth == 0) {
            fault("a closing parenthesis without an opening one; remove it");
        } else {
            depth--;
        }
        at++;
    }

    private void newLine() {
        line++;
        lineStart = at;
        if (depth == 0) {
            endEntry();
        }
    }

    private void endEntry() {
        if (!entry.isEmpty()) {
            entries.add(entry);
            entry = new ArrayList<>();
        }
    }

    private ZoneWord plain() {
        int column = column();
        StringBuilder word = new StringBuilder();
        while (at < text.length() && " \t\r\n;()\"".indexOf(text.charAt(at)) < 0) {
            word.append(next());
        }
        return new ZoneWord(word.toString(), false, line, column);
    }

    private ZoneWord quoted() {
        int column = column();
        StringBuilder word = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
            word.append(next());
        }
        if (at < text.length() && text.charAt(at) == '"') {
            at++;
        } else {
            faults.add(new Zone.Fault(line, column, "a quoted text does not end on its line; add a closing quote"));
        }
        return new ZoneWord(word.toString(), true, line, column);
    }

    private char next() {
        char c = text.charAt(at++);
        if (c != '\\' || at == text.length()) {
            return c;
        }
        if (at + 3 <= text.length() && text.substring(at, at + 3).chars().allMatch(d -> d >= '0' && d <= '9')) {
            int octet = Integer.parseInt(text.substring(at, at + 3));
            if (octet <= MAX_OCTET) {
                at += 3;
                return (char) octet;
            }
        }
        return text.charAt(at++);
    }

    private int column() {
        return at - lineStart + 1;
    }

    private void fault(String what) {
        faults.add(new Zone.Fault(line, column(), what));
    }
}
