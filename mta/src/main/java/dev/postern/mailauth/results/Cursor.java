package dev.postern.mailauth.results;

import java.util.Optional;

/// A place in the text of a field, which reads forward. Every method reads in one pass.
final class Cursor {
    private static final int DEEPEST_COMMENT = 10;
    private static final String SPECIALS = "()<>@,;:\\\"/[]?=";

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /// Reads a char if it is the next.
    boolean take(char c) {
        boolean next = !atEnd() && text.charAt(at) == c;
        at += next ? 1 : 0;
        return next;
    }

    /// Reads white space and comments.
    ///
    /// @return whether all comments end and none is nested too deep
    boolean skipSpace() {
        while (!atEnd()) {
            char c = text.charAt(at);
            if (c == '(') {
                if (!skipComment()) {
                    return false;
                }
            } else if (isWhite(c)) {
                at++;
            } else {
                return true;
            }
        }
        return true;
    }

    private static boolean isWhite(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private boolean skipComment() {
        int depth = 0;
        do {
            if (atEnd() || depth > DEEPEST_COMMENT) {
                return false;
            }
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at += c == '\\' ? 2 : 1;
        } while (depth > 0);
        return true;
    }

    /// Reads a token, which may be empty.
    String token() {
        int begin = at;
        while (!atEnd() && text.charAt(at) > ' ' && SPECIALS.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    /// Reads a keyword: a token without dots; what it is made of is the caller's to check.
    String keyword() {
        int begin = at;
        while (!atEnd() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
            at++;
        }
        return text.substring(begin, at);
    }

    /// Reads digits, possibly none.
    void skipDigits() {
        while (!atEnd() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
    }

    /// Reads what stands without quotes as the value of a property. Many programs leave quotes out
    /// where they should not, so it goes on to white space, a comment or a semicolon.
    String bare() {
        int begin = at;
        while (!atEnd() && text.charAt(at) > ' ' && ";(\"".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    /// Reads a token or a quoted string; what it means, or empty if neither is here.
    Optional<String> value() {
        if (!atEnd() && text.charAt(at) == '"') {
            return quotedString();
        }
        String token = token();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    /// Reads a quoted string; what it means, or empty if it does not end.
    Optional<String> quotedString() {
        StringBuilder meaning = new StringBuilder();
        at++;
        while (!atEnd() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 1 : 0;
            if (!atEnd() && text.charAt(at) != '\r' && text.charAt(at) != '\n') {
                meaning.append(text.charAt(at));
            }
            at++;
        }
        return take('"') ? Optional.of(meaning.toString()) : Optional.empty();
    }
}
