package dev.postern.blackbox;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a stranger says to one listener, step by step, so that we carry mail elsewhere.
///
/// @param listener `mx`, `submission`, `submissions` or `lmtp`
/// @param trick what it is about
record RelayAttempt(String listener, String trick, List<Step> steps) {
    RelayAttempt {
        steps = List.copyOf(steps);
    }

    /// One thing that is said or seen.
    @SuppressWarnings("ArrayRecordComponent") // octets to be sent, never compared
    sealed interface Step {
        /// A command that must be granted.
        record Granted(byte[] octets) implements Step {}

        /// A command that must be refused.
        record Refused(byte[] octets) implements Step {}

        /// Commands that are said at once.
        record Together(List<byte[]> commands) implements Step {}

        /// STARTTLS and the handshake.
        record StartTls() implements Step {}

        /// The server ends the session.
        record Ended() implements Step {}
    }

    @Override
    public String toString() {
        return listener + ": " + trick;
    }

    /// All attempts of `relay-dialogues.txt`.
    static List<RelayAttempt> dialogues() throws IOException {
        List<RelayAttempt> attempts = new ArrayList<>();
        for (String paragraph : String.join("\n", lines("relay-dialogues.txt")).split("\n{2,}", -1)) {
            if (!paragraph.isBlank()) {
                attempts.add(attempt(paragraph.strip()));
            }
        }
        return attempts;
    }

    /// All forward-paths of `relay-addresses.txt`, escapes and all.
    static List<String> addresses() throws IOException {
        return lines("relay-addresses.txt").stream()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream in = RelayAttempt.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }

    private static RelayAttempt attempt(String paragraph) {
        List<String> lines = paragraph.lines().toList();
        String[] title = lines.getFirst().split(": ", 2);
        List<Step> steps = new ArrayList<>();
        List<byte[]> together = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String words = line.substring(2);
            if (line.startsWith("| ")) {
                together.add(octets(words));
                continue;
            }
            flush(together, steps);
            steps.add(
                    switch (line.substring(0, 2)) {
                        case "+ " -> new Step.Granted(octets(words));
                        case "- " -> new Step.Refused(octets(words));
                        case "* " -> words.equals("starttls") ? new Step.StartTls() : new Step.Ended();
                        default -> throw new IllegalArgumentException(line);
                    });
        }
        flush(together, steps);
        return new RelayAttempt(title[0], title[1], steps);
    }

    private static void flush(List<byte[]> together, List<Step> steps) {
        if (!together.isEmpty()) {
            steps.add(new Step.Together(List.copyOf(together)));
            together.clear();
        }
    }

    /// The octets that a line with escapes means.
    static byte[] octets(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int i = 0;
        while (i < line.length()) {
            if (line.startsWith("\\x", i)) {
                out.write(Integer.parseInt(line.substring(i + 2, i + 4), 16));
                i += 4;
            } else if (line.startsWith("\\u{", i)) {
                int end = line.indexOf('}', i);
                out.writeBytes(Character.toString(Integer.parseInt(line.substring(i + 3, end), 16))
                        .getBytes(StandardCharsets.UTF_8));
                i = end + 1;
            } else if (line.startsWith("\\r\\n", i)) {
                out.write('\r');
                out.write('\n');
                i += 4;
            } else {
                out.write(line.charAt(i));
                i++;
            }
        }
        return out.toByteArray();
    }
}
