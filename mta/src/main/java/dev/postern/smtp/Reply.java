package dev.postern.smtp;

import java.util.List;
import java.util.Optional;

/// A server's reply to one command: a code, an enhanced status where there is one, and text (RFC
/// 5321 §4.2, RFC 2034 §4).
///
/// @param code 200 to 599
/// @param status the enhanced status; its first digit is the code's
/// @param text one or more lines, each free of control characters; without code and status
/// @rfc 5321 §4.2
public record Reply(int code, Optional<EnhancedStatus> status, List<String> text) {
    /// The longest reply line in octets, CRLF included (RFC 5321 §4.5.3.1.5).
    public static final int MAX_LINE = 512;

    /// @throws IllegalArgumentException if the code is none, there is no line, or the status is of
    ///     another kind than the code
    public Reply {
        text = text.stream().map(Reply::printable).toList();
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
        java.util.ArrayList<String> lines = new java.util.ArrayList<>(text);
        lines.set(lines.size() - 1, lines.getLast() + " " + words);
        return new Reply(code, status, lines);
    }

    private static String printable(String line) {
        if (line.chars().noneMatch(Character::isISOControl)) {
            return line;
        }
        StringBuilder clean = new StringBuilder(line.length());
        line.chars().forEach(c -> clean.append(Character.isISOControl(c) ? '?' : (char) c));
        return clean.toString();
    }

    /// The reply on one line for a log: lines joined with a space.
    @Override
    public String toString() {
        return code + " " + status.map(s -> s + " ").orElse("") + String.join(" ", text);
    }
}
