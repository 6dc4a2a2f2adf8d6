package dev.postern.smtp;

import dev.postern.event.Unprintable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A server's reply to one command: a code, an enhanced status where there is one, and text (RFC
/// 5321 §4.2, RFC 2034 §4).
///
/// @param code 200 to 599
/// @param status the enhanced status; its first digit is the code's
/// @param text one or more lines, without code and status; what is {@link Unprintable} becomes `?`
/// @rfc 5321 §4.2
public record Reply(int code, Optional<EnhancedStatus> status, List<String> text) {
    /// The longest reply line in octets, CRLF included (RFC 5321 §4.5.3.1.5).
    public static final int MAX_LINE = 512;

    private static final String CRLF = "\r\n";
    private static final int CODE_AND_SEPARATOR = 4;

    /// @throws IllegalArgumentException if the code is none, there is no line, or the status is of
    ///     another kind than the code
    public Reply {
        text = text.stream().map(Unprintable::replaced).toList();
        if (code < 200 || code > 599 || text.isEmpty()) {
            throw new IllegalArgumentException("no reply: " + code + " " + text);
        }
        if (status.isPresent() && code / 100 != 3 && status.get().kind() != code / 100) {
            throw new IllegalArgumentException("code " + code + " with status " + status.get());
        }
    }

    /// A reply of one line with an enhanced status.
    public static Reply of(int code, String status, String text) {
        return new Reply(code, Optional.of(EnhancedStatus.of(status)), List.of(text));
    }

    /// A reply of one line without an enhanced status: greetings, EHLO, 354, 334 (RFC 2034 §4).
    public static Reply plain(int code, String text) {
        return new Reply(code, Optional.empty(), List.of(text));
    }

    /// 2yz.
    public boolean isPositive() {
        return code < 300;
    }

    /// 3yz.
    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /// 4yz.
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /// 5yz.
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /// The same reply with words added at the end of its last line.
    public Reply with(String words) {
        List<String> lines = new ArrayList<>(text);
        lines.set(lines.size() - 1, lines.getLast() + " " + words);
        return new Reply(code, status, lines);
    }

    /// The reply as it stands on the wire, in ASCII: other characters become `?`.
    public byte[] toOctets() {
        return toOctets(false);
    }

    /// The reply as it stands on the wire: code and status on each line, no line longer than
    /// {@value #MAX_LINE} octets, so that long text takes more lines.
    ///
    /// @param utf8 whether the client takes UTF-8 in replies (RFC 6531 §3.7.4.1); if not, other
    ///     characters than ASCII become `?`
    public byte[] toOctets(boolean utf8) {
        String prefix = status.map(s -> s + " ").orElse("");
        int room = MAX_LINE - CRLF.length() - CODE_AND_SEPARATOR - prefix.length();
        List<String> lines = new ArrayList<>();
        for (String line : text) {
            breakLine(utf8 ? line : inAscii(line), room, lines);
        }
        StringBuilder wire = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String words = lines.get(i).isEmpty() ? prefix.stripTrailing() : prefix + lines.get(i);
            wire.append(code)
                    .append(i + 1 < lines.size() ? '-' : ' ')
                    .append(words)
                    .append(CRLF);
        }
        return wire.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Breaks a text into lines of at most `room` octets: at a space where one is in the second
    /// half, else between characters.
    private static void breakLine(String line, int room, List<String> lines) {
        String rest = line;
        while (Text.octets(rest) > room) {
            int cut = fitting(rest, room);
            int space = rest.lastIndexOf(' ', cut);
            int end = space > cut / 2 ? space : cut;
            lines.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
    }

    /// How many chars of a text fit into so many octets, without cutting a character.
    private static int fitting(String text, int room) {
        int octets = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            octets += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (octets > room) {
                return i;
            }
            i += Character.charCount(point);
        }
        return i;
    }

    private static String inAscii(String text) {
        if (Text.isAscii(text)) {
            return text;
        }
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> ascii.append(c < 0x80 ? (char) c : '?'));
        return ascii.toString();
    }

    /// The reply on one line for a log: lines joined with a space.
    @Override
    public String toString() {
        return code + " " + status.map(s -> s + " ").orElse("") + String.join(" ", text);
    }
}
