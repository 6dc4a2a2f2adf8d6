package dev.postern.mailauth.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Text with macros in it, such as `%{ir}.%{v}._spf.%{d2}`.
///
/// @param pieces what it is made of, in order
/// @rfc 7208 §7
public record MacroString(List<Piece> pieces) {
    public MacroString {
        pieces = List.copyOf(pieces);
    }

    /// A part of the text.
    public sealed interface Piece {}

    /// Characters that stand for themselves.
    ///
    /// @param text printable ASCII without the percent sign
    public record Literal(String text) implements Piece {
        /// @throws IllegalArgumentException for any other character
        public Literal {
            if (!text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '%')) {
                throw new IllegalArgumentException("a character that is no literal");
            }
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// A character that has to be written by a percent sign and one more.
    public enum Escape implements Piece {
        /// `%%`
        PERCENT('%', "%"),
        /// `%_`
        SPACE('_', " "),
        /// `%-`
        URL_SPACE('-', "%20");

        private final char sign;
        private final String meaning;

        Escape(char sign, String meaning) {
            this.sign = sign;
            this.meaning = meaning;
        }

        /// What it stands for.
        public String meaning() {
            return meaning;
        }

        @Override
        public String toString() {
            return "%" + sign;
        }
    }

    /// A macro.
    ///
    /// @param urlEscaped whether its letter is upper case
    /// @param parts how many parts are kept, from the right, at least 1; {@value #ALL_PARTS} stands
    ///     for all
    /// @param reversed whether the parts are turned round first
    /// @param delimiters what parts them; a dot where it is empty
    public record Macro(MacroLetter letter, boolean urlEscaped, int parts, boolean reversed, String delimiters)
            implements Piece {
        /// More parts than any value has.
        public static final int ALL_PARTS = Integer.MAX_VALUE;

        private static final String DELIMITERS = ".-+,/_=";

        /// @throws IllegalArgumentException for no parts, or a delimiter that is none
        public Macro {
            if (parts < 1 || !delimiters.chars().allMatch(c -> DELIMITERS.indexOf(c) >= 0)) {
                throw new IllegalArgumentException("a macro of " + parts + " parts between " + delimiters);
            }
        }

        /// What the macro makes of a value.
        String apply(String value) {
            boolean whole = parts == ALL_PARTS && !reversed && delimiters.isEmpty();
            String made = whole ? value : String.join(".", kept(split(value)));
            return urlEscaped ? urlEscape(made) : made;
        }

        /// Parts may be empty (RFC 7208 §7.3).
        private List<String> split(String value) {
            String between = delimiters.isEmpty() ? "." : delimiters;
            List<String> found = new ArrayList<>();
            int begin = 0;
            for (int i = 0; i < value.length(); i++) {
                if (between.indexOf(value.charAt(i)) >= 0) {
                    found.add(value.substring(begin, i));
                    begin = i + 1;
                }
            }
            found.add(value.substring(begin));
            return found;
        }

        private List<String> kept(List<String> all) {
            List<String> ordered = reversed ? all.reversed() : all;
            return ordered.subList(Math.max(0, ordered.size() - parts), ordered.size());
        }

        /// All but the unreserved characters (RFC 3986 §2.3).
        private static String urlEscape(String text) {
            StringBuilder escaped = new StringBuilder(text.length());
            for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
                char c = (char) (octet & 0xFF);
                if (isAlphanumeric(c) || "-._~".indexOf(c) >= 0) {
                    escaped.append(c);
                } else {
                    escaped.append(String.format("%%%02X", (int) c));
                }
            }
            return escaped.toString();
        }

        @Override
        public String toString() {
            char shown = urlEscaped ? Character.toUpperCase(letter.letter()) : letter.letter();
            return "%{" + shown + (parts == ALL_PARTS ? "" : parts) + (reversed ? "r" : "") + delimiters + "}";
        }
    }

    /// Where the values of macros come from.
    @FunctionalInterface
    interface Values {
        /// What a letter stands for now.
        ///
        /// @throws Stop if it cannot be told within the limits of the check
        String of(MacroLetter letter) throws Stop;
    }

    /// The text that a part of a record is.
    static MacroString parse(String text) throws BadTerm {
        return new MacroString(new MacroReader(text, false).pieces());
    }

    /// The text that an explanation is; it may hold spaces (RFC 7208 §6.2).
    static MacroString parseExplanation(String text) throws BadTerm {
        return new MacroString(new MacroReader(text, true).pieces());
    }

    /// A macro that may stand in the text of an explanation only, if there is one.
    Optional<Macro> onlyForExplanations() {
        for (Piece piece : pieces) {
            if (piece instanceof Macro macro && macro.letter().isOnlyInExplanations()) {
                return Optional.of(macro);
            }
        }
        return Optional.empty();
    }

    /// What this stands for, or the first characters of it.
    ///
    /// @param enough how many characters the caller can use; not many more are made
    String expandFromLeft(Values values, int enough) throws Stop {
        StringBuilder made = new StringBuilder();
        for (Piece piece : pieces) {
            if (made.length() >= enough) {
                break;
            }
            made.append(expand(piece, values));
        }
        return made.toString();
    }

    /// What this stands for, or the last characters of it.
    ///
    /// @param enough how many characters the caller can use; not many more are made
    String expandFromRight(Values values, int enough) throws Stop {
        List<String> made = new ArrayList<>();
        int length = 0;
        for (int i = pieces.size() - 1; i >= 0 && length < enough; i--) {
            String part = expand(pieces.get(i), values);
            length += part.length();
            made.add(part);
        }
        Collections.reverse(made);
        return String.join("", made);
    }

    private static String expand(Piece piece, Values values) throws Stop {
        return switch (piece) {
            case Literal literal -> literal.text();
            case Escape escape -> escape.meaning();
            case Macro macro -> macro.apply(values.of(macro.letter()));
        };
    }

    static boolean isAlphanumeric(char c) {
        return isAlpha(c) || isDigit(c);
    }

    static boolean isAlpha(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        pieces.forEach(text::append);
        return text.toString();
    }
}
