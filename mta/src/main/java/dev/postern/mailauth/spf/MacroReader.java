package dev.postern.mailauth.spf;

import dev.postern.mailauth.spf.MacroString.Escape;
import dev.postern.mailauth.spf.MacroString.Literal;
import dev.postern.mailauth.spf.MacroString.Macro;
import dev.postern.mailauth.spf.MacroString.Piece;
import java.util.ArrayList;
import java.util.List;

/// Reads one text with macros; used once.
///
/// ```
/// macro-string   = *( macro-expand / macro-literal )
/// macro-expand   = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
/// macro-literal  = %x21-24 / %x26-7E
/// macro-letter   = "s" / "l" / "o" / "d" / "i" / "p" / "h" / "c" / "r" / "t" / "v"
/// transformers   = *DIGIT [ "r" ]
/// delimiter      = "." / "-" / "+" / "," / "/" / "_" / "="
/// explain-string = *( macro-string / SP )
/// ```
///
/// @rfc 7208 §7.1
final class MacroReader {
    private static final int SHOWN = 40;
    private static final int MORE_PARTS_THAN_ANY_NAME_HAS = 1000;

    private final String text;
    private final boolean spaces;
    private final List<Piece> pieces = new ArrayList<>();
    private int at;

    MacroReader(String text, boolean spaces) {
        this.text = text;
        this.spaces = spaces;
    }

    List<Piece> pieces() throws BadTerm {
        while (at < text.length()) {
            pieces.add(text.charAt(at) == '%' ? expand() : literal());
        }
        return pieces;
    }

    private Literal literal() throws BadTerm {
        int begin = at;
        while (at < text.length() && text.charAt(at) != '%') {
            char c = text.charAt(at);
            if (c < ' ' || c > '~' || (c == ' ' && !spaces)) {
                throw new BadTerm("a character that is not printable ASCII; only such may stand here");
            }
            at++;
        }
        return new Literal(text.substring(begin, at));
    }

    private Piece expand() throws BadTerm {
        int begin = at++;
        char sign = at < text.length() ? text.charAt(at) : ' ';
        if (sign == '{') {
            at++;
            return macro(begin);
        }
        for (Escape escape : Escape.values()) {
            if (escape.toString().charAt(1) == sign) {
                at++;
                return escape;
            }
        }
        throw new BadTerm("a percent sign that begins no macro; write %% for the sign itself");
    }

    private Macro macro(int begin) throws BadTerm {
        int close = text.indexOf('}', at);
        if (close < 0) {
            throw new BadTerm("a macro without its closing brace");
        }
        String shown = Printable.of(text.substring(begin, close + 1), SHOWN);
        char written = text.charAt(at++);
        boolean upper = written >= 'A' && written <= 'Z';
        MacroLetter letter = MacroLetter.of(upper ? Character.toLowerCase(written) : written)
                .orElseThrow(() -> new BadTerm(
                        shown + " is no macro; the letters are s l o d i p v h, and c r t in" + " explanations"));
        int parts = parts(shown);
        boolean reversed = text.charAt(at) == 'r' || text.charAt(at) == 'R';
        if (reversed) {
            at++;
        }
        String delimiters = text.substring(at, close);
        at = close + 1;
        try {
            return new Macro(letter, upper, parts, reversed, delimiters);
        } catch (IllegalArgumentException badDelimiter) {
            // the exception is how the record says "no"; what was read so far is right
            throw new BadTerm(shown + " is no macro; behind the letter stand a number, an r, and delimiters");
        }
    }

    private int parts(String shown) throws BadTerm {
        int begin = at;
        int number = 0;
        while (MacroString.isDigit(text.charAt(at))) {
            number = Math.min(number * 10 + text.charAt(at) - '0', MORE_PARTS_THAN_ANY_NAME_HAS);
            at++;
        }
        if (at > begin && number == 0) {
            throw new BadTerm(shown + " keeps no part; the number is 1 at least");
        }
        return at == begin ? Macro.ALL_PARTS : number;
    }
}
