package dev.postern.smtp;

import dev.postern.event.Unprintable;
import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the replies of a server that may be broken or hostile: bounded, free of control
/// characters, never half.
///
/// ```
/// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
/// Reply-code = %x32-35 %x30-35 %x30-39
/// ```
///
/// Deviates: LF alone ends a line too, a code without a space before its text is one, and a code's
/// second digit may be any, since servers with such replies carry mail. Lines that are too long are
/// cut.
///
/// @rfc 5321 §4.2
public final class ReplyReader {
    /// Octets of a line that are kept.
    static final int MAX_LINE = 1024;

    /// Lines of one reply.
    static final int MAX_LINES = 200;

    private static final int CODE_DIGITS = 3;

    private final Connection connection;
    private final List<String> text = new ArrayList<>();
    private int code;

    private ReplyReader(Connection connection) {
        this.connection = connection;
    }

    /// The next reply, with an enhanced status where it has one that fits its code.
    ///
    /// @throws ProtocolException if what the server says is no reply
    public static Reply read(Connection connection, Deadline deadline) throws IOException {
        return new ReplyReader(connection).read(deadline);
    }

    private Reply read(Deadline deadline) throws IOException {
        while (true) {
            Line line = connection.readLine(MAX_LINE, deadline);
            String words = Unprintable.replaced(new String(line.octets(), StandardCharsets.UTF_8))
                    .replace('\uFFFD', '?');
            takeCode(words);
            boolean more = words.startsWith("-", CODE_DIGITS);
            boolean separated = more || words.startsWith(" ", CODE_DIGITS);
            text.add(words.substring(separated ? CODE_DIGITS + 1 : CODE_DIGITS));
            if (!more) {
                return withStatus();
            }
            if (text.size() == MAX_LINES) {
                throw new ProtocolException("a reply of more than " + MAX_LINES + " lines");
            }
        }
    }

    private void takeCode(String words) throws ProtocolException {
        int present = codeOf(words);
        if (present < 0 || (words.length() > CODE_DIGITS && Text.isDigit(words.charAt(CODE_DIGITS)))) {
            throw new ProtocolException("not a reply: " + excerpt(words));
        }
        if (!text.isEmpty() && present != code) {
            throw new ProtocolException("a reply with the codes " + code + " and " + present);
        }
        code = present;
    }

    private static int codeOf(String words) {
        if (words.length() < CODE_DIGITS || words.charAt(0) < '2' || words.charAt(0) > '5') {
            return -1;
        }
        return Decimal.parse(words.substring(0, CODE_DIGITS)).isPresent()
                ? Integer.parseInt(words.substring(0, CODE_DIGITS))
                : -1;
    }

    private static String excerpt(String words) {
        int most = 60;
        return words.length() <= most ? words : words.substring(0, most);
    }

    /// Takes the status off the lines that begin with it (RFC 2034 §4).
    private Reply withStatus() {
        String first = text.getFirst();
        int space = first.indexOf(' ');
        Optional<EnhancedStatus> status = EnhancedStatus.parse(space < 0 ? first : first.substring(0, space))
                .filter(s -> s.kind() == code / 100);
        if (status.isPresent()) {
            String prefix = status.get().toString();
            text.replaceAll(line -> line.equals(prefix)
                    ? ""
                    : line.startsWith(prefix + " ") ? line.substring(prefix.length() + 1) : line);
        }
        return new Reply(code, status, text);
    }
}
