package dev.postern.smtpserver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A dialogue as a text file tells it.
///
/// `C:` is a line of the client; lines that follow each other are sent in one go. `C>` is the same
/// without a line end at its end. In both, `\r`, `\n`, `\0`, `\xHH` and `\{N*X}` (the text X, N
/// times) are what they say. `S:` is a line of the server, in which `*` stands for anything; `S*`
/// is a reply of any number of lines, of which the last is that. `S.` is the end of the connection,
/// `S!` the same after any octets. `@ key value` sets the scene, `#` is a remark.
///
/// @param scene what was set before the first line
record Dialogue(Map<String, String> scene, List<Turn> turns) {

    /// How many lines of a reply are meant.
    enum Lines {
        ONE,
        UP_TO_THE_LAST
    }

    /// What one side does.
    sealed interface Turn {
        /// The client sends octets in one go.
        @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
        record Send(byte[] octets) implements Turn {}

        /// The server says a line, and perhaps others of the same reply before it.
        record Expect(String pattern, Lines lines, int number) implements Turn {}

        /// The server closes the connection.
        record Closed() implements Turn {}

        /// The server closes the connection, whatever it says before.
        record Gone() implements Turn {}

        /// Something happens beside the connection.
        record Happen(String what) implements Turn {}
    }

    static Dialogue read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static Dialogue parse(List<String> lines) {
        Map<String, String> scene = new LinkedHashMap<>();
        List<Turn> turns = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String rest = line.length() > 3 ? line.substring(3) : "";
            switch (line.substring(0, Math.min(2, line.length()))) {
                case "C:" -> send(turns, octets(rest + "\\r\\n"));
                case "C>" -> send(turns, octets(rest));
                case "S:" -> turns.add(new Turn.Expect(rest, Lines.ONE, number));
                case "S*" -> turns.add(new Turn.Expect(rest, Lines.UP_TO_THE_LAST, number));
                case "S." -> turns.add(new Turn.Closed());
                case "S!" -> turns.add(new Turn.Gone());
                case "@ " -> setting(scene, turns, line.substring(2));
                default -> throw new IllegalArgumentException("line " + number + " is nobody's: " + line);
            }
        }
        return new Dialogue(scene, turns);
    }

    private static void setting(Map<String, String> scene, List<Turn> turns, String text) {
        if (turns.isEmpty()) {
            String[] words = text.split(" ", 2);
            scene.put(words[0], words.length > 1 ? words[1] : "");
        } else {
            turns.add(new Turn.Happen(text));
        }
    }

    private static void send(List<Turn> turns, byte[] octets) {
        if (!turns.isEmpty() && turns.getLast() instanceof Turn.Send(byte[] before)) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(before);
            both.writeBytes(octets);
            turns.set(turns.size() - 1, new Turn.Send(both.toByteArray()));
        } else {
            turns.add(new Turn.Send(octets));
        }
    }

    private static byte[] octets(String text) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int i = 0;
        while (i < text.length()) {
            if (text.charAt(i) != '\\') {
                String character = Character.toString(text.codePointAt(i));
                octets.writeBytes(character.getBytes(StandardCharsets.UTF_8));
                i += character.length();
                continue;
            }
            char kind = text.charAt(i + 1);
            i += 2;
            switch (kind) {
                case 'r' -> octets.write('\r');
                case 'n' -> octets.write('\n');
                case '0' -> octets.write(0);
                case 'x' -> {
                    octets.write(Integer.parseInt(text.substring(i, i + 2), 16));
                    i += 2;
                }
                case '{' -> {
                    int end = text.indexOf('}', i);
                    String[] parts = text.substring(i, end).split("\\*", 2);
                    octets.writeBytes(octets(parts[1].repeat(Integer.parseInt(parts[0]))));
                    i = end + 1;
                }
                default -> throw new IllegalArgumentException("no such escape: \\" + kind);
            }
        }
        return octets.toByteArray();
    }
}
