package dev.postern.smtpclient;

import dev.postern.wire.Connection;
import dev.postern.wire.Deadline;
import dev.postern.wire.Pace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server that takes everything, octet by octet and as strictly as the RFCs read, and notes what is not legal on the
/// wire. It shares no code with ours beyond the octets.
final class StrictServer {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pace PACE = new Pace(PATIENCE, 1);
    private static final int LONGEST_COMMAND = 2048;
    private static final String CRLF = "\r\n";

    private final List<String> capabilities;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<String> contents = new CopyOnWriteArrayList<>();
    private final StringBuilder chunks = new StringBuilder();
    private int accepted;

    StrictServer(List<String> capabilities) {
        this.capabilities = capabilities;
    }

    /// What was not legal.
    List<String> violations() {
        return violations;
    }

    /// Contents that came to their end, decoded, an octet a char.
    List<String> contents() {
        return contents;
    }

    void serve(Connection connection) {
        try (connection) {
            say(connection, "220 strict");
            for (String line = command(connection); ; line = command(connection)) {
                if (answer(connection, line)) {
                    return;
                }
            }
        } catch (IOException clientGone) {
            chunks.setLength(0); // what has no end is nothing
        }
    }

    private boolean answer(Connection connection, String line) throws IOException {
        String verb = line.substring(0, Math.min(4, line.length()));
        switch (verb) {
            case "EHLO", "LHLO" -> {
                say(connection, "250-strict");
                for (String capability : capabilities) {
                    say(connection, "250-" + capability);
                }
                say(connection, "250 HELP");
            }
            case "MAIL", "RSET" -> {
                chunks.setLength(0);
                accepted = 0;
                say(connection, "250 ok");
            }
            case "RCPT" -> {
                accepted++;
                say(connection, "250 ok");
            }
            case "DATA" -> {
                say(connection, "354 go on");
                contents.add(dotted(connection));
                for (int i = 0; i < (capabilities.contains("LMTP") ? accepted : 1); i++) {
                    say(connection, "250 taken");
                }
            }
            case "BDAT" -> {
                String[] words = line.split(" ", -1);
                for (long left = Long.parseLong(words[1]); left > 0; left--) {
                    chunks.append(octet(connection));
                }
                if (words.length > 2) {
                    judge(chunks.toString());
                    contents.add(chunks.toString());
                    chunks.setLength(0);
                }
                say(connection, "250 taken");
            }
            case "QUIT" -> {
                say(connection, "221 bye");
                return true;
            }
            default -> violations.add("a command that is none: " + line);
        }
        return false;
    }

    private String command(Connection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.isEmpty() || line.charAt(line.length() - 1) != '\n') {
            line.append(octet(connection));
        }
        String text = line.toString();
        if (!text.matches("[ -~]+\r\n") || text.length() > LONGEST_COMMAND) {
            violations.add("a line that is no command: " + text);
        }
        return text.strip();
    }

    /// RFC 5321 section 4.5.2, read as it stands.
    private String dotted(Connection connection) throws IOException {
        StringBuilder wire = new StringBuilder(CRLF); // that of the DATA command
        while (wire.length() < 5 || !wire.substring(wire.length() - 5).equals("\r\n.\r\n")) {
            wire.append(octet(connection));
        }
        String lines = wire.substring(0, wire.length() - 3);
        judge(lines);
        if (lines.matches("(?s).*\r\n\\.[^.].*")) {
            violations.add("a dot that is not stuffed");
        }
        return lines.replace("\r\n.", CRLF).substring(2);
    }

    private void judge(String content) {
        String bare = content.replace(CRLF, "");
        if (bare.indexOf('\r') >= 0 || bare.indexOf('\n') >= 0 || bare.indexOf('\0') >= 0) {
            violations.add("a bare CR, a bare LF or a NUL in content");
        }
    }

    private static char octet(Connection connection) throws IOException {
        char[] one = new char[1];
        if (connection.buffered() == 0) {
            connection.flush(Deadline.after(PATIENCE));
        }
        connection.readChunk(
                1, (octets, offset, length) -> one[0] = (char) (octets[offset] & 0xFF), PACE, Deadline.after(PATIENCE));
        return one[0];
    }

    private static void say(Connection connection, String line) throws IOException {
        connection.write((line + CRLF).getBytes(StandardCharsets.US_ASCII), Deadline.after(PATIENCE));
        connection.flush(Deadline.after(PATIENCE));
    }
}
