package dev.postern.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a command into its argument list: blanks separate, single quotes, double quotes and backslashes keep a
/// character as it is, and nothing else has a meaning: no variable, no pattern, no redirection.
final class CommandWords {
    private final String text;
    private final List<String> words = new ArrayList<>();
    private StringBuilder word = new StringBuilder();
    private boolean inWord;

    private CommandWords(String text) {
        this.text = text;
    }

    /// The words of a command; empty if a quote is not closed.
    static Optional<List<String>> of(String text) {
        CommandWords cutter = new CommandWords(text);
        return cutter.cut() ? Optional.of(List.copyOf(cutter.words)) : Optional.empty();
    }

    private boolean cut() {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'') {
                if (++i == text.length()) {
                    return false;
                }
                append(text.charAt(i));
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c == ' ' || c == '\t') {
                end();
            } else {
                append(c);
            }
        }
        end();
        return quote == 0;
    }

    private void append(char c) {
        word.append(c);
        inWord = true;
    }

    private void end() {
        if (inWord) {
            words.add(word.toString());
            word = new StringBuilder();
            inWord = false;
        }
    }
}
