package dev.postern.dsn;

import dev.postern.event.Unprintable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The octets of a report while it is written, line by line; whatever comes from outside is made
/// harmless here.
///
/// No line has more than 998 octets (RFC 5322 §2.1.1), whatever is put in.
final class ReportOctets {
    private static final int LINE = 76;
    private static final int LONGEST_WORD = 900;
    private static final int LONGEST_TEXT = 4000;
    private static final String INDENT = "    ";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    private final boolean international;

    /// @param international whether characters beyond ASCII may stand in header and status fields
    ///     (RFC 6532)
    ReportOctets(boolean international) {
        this.international = international;
    }

    /// A text from outside on one line: what is unprintable, and where they have no place
    /// characters beyond ASCII, become `?`.
    String harmless(String text) {
        String cut = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + " ..." : text;
        StringBuilder clean = new StringBuilder(cut.length());
        cut.codePoints()
                .map(c -> c == '\r' || c == '\n' || c == '\t' ? ' ' : c)
                .map(c -> Unprintable.is(c) || (c > 127 && !international) ? '?' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }

    /// A header or status field, folded where it is long.
    ReportOctets field(String name, String body) {
        return words(name + ":", " ", body);
    }

    /// A paragraph, broken into lines, with an empty line after it.
    ReportOctets paragraph(String text) {
        return words("", "", text).line("");
    }

    /// Words that somebody else said, set in.
    ReportOctets quote(String text) {
        return words(INDENT, INDENT, text);
    }

    /// Words in lines that are as short as the words allow.
    ///
    /// @param start what the first line begins with
    /// @param indent what the others begin with
    private ReportOctets words(String start, String indent, String text) {
        StringBuilder line = new StringBuilder(start);
        boolean bare = true;
        for (String word : pieces(harmless(text))) {
            if (!bare && line.length() + 1 + word.length() > LINE) {
                line(line.toString());
                line.setLength(0);
                line.append(indent).append(word);
            } else {
                line.append(bare && start.isBlank() ? "" : " ").append(word);
            }
            bare = false;
        }
        return line(line.toString());
    }

    /// The words of a text, those that would make a line too long cut.
    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (String word : text.split(" +", -1)) {
            StringBuilder piece = new StringBuilder(word.length());
            int octets = 0;
            for (int i = 0; i < word.length(); i += Character.charCount(word.codePointAt(i))) {
                String character = Character.toString(word.codePointAt(i));
                int more = character.getBytes(StandardCharsets.UTF_8).length;
                if (octets + more > LONGEST_WORD) {
                    pieces.add(piece.toString());
                    piece.setLength(0);
                    octets = 0;
                }
                piece.append(character);
                octets += more;
            }
            pieces.add(piece.toString());
        }
        return pieces;
    }

    /// A line of our own.
    ReportOctets line(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return crlf();
    }

    /// Octets as they are.
    ReportOctets raw(byte[] octets) {
        out.writeBytes(octets);
        return this;
    }

    private ReportOctets crlf() {
        out.write('\r');
        out.write('\n');
        return this;
    }

    /// Whether an octet above 127 was written.
    static boolean isEightBit(byte[] octets) {
        for (byte b : octets) {
            if (b < 0) {
                return true;
            }
        }
        return false;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
