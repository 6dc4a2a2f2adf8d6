package dev.postern.blackbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// The octets of messages: line ends, dots, and what a server has put on top.
final class Octets {
    private static final int LONGEST_LINE = 998;
    private static final long SEED = 20_261_123;

    // Lines that a server might be tempted to touch.
    private static final List<String> TEMPTING = List.of(
            "",
            ".",
            "..",
            ".dot",
            "...",
            "From somebody",
            ">From somebody",
            "--boundary",
            "--boundary--",
            "trailing blanks   ",
            "\ta tab\t",
            " ",
            "Received: from nowhere",
            "QUIT",
            "RSET",
            "=20=3D=",
            "begin 644 x",
            "-- ");

    private Octets() {}

    /// The same text with CRLF at the end of every line, also of the last.
    static byte[] withCrLf(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 16);
        int last = '\n';
        for (int i = 0; i < text.length; i++) {
            boolean pair = text[i] == '\r' && i + 1 < text.length && text[i + 1] == '\n';
            if (text[i] == '\n' || (text[i] == '\r' && !pair)) {
                out.write('\r');
                out.write('\n');
                last = '\n';
            } else if (!pair) {
                out.write(text[i]);
                last = text[i];
            }
        }
        if (last != '\n') {
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    /// The same text with LF in the place of every CRLF, as an inbox keeps it.
    static byte[] withLf(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\r' || i + 1 == text.length || text[i + 1] != '\n') {
                out.write(text[i]);
            }
        }
        return out.toByteArray();
    }

    /// The same text with a dot more in front of each line that begins with one.
    static byte[] stuffed(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 16);
        boolean lineStart = true;
        for (byte octet : text) {
            if (lineStart && octet == '.') {
                out.write('.');
            }
            out.write(octet);
            lineStart = octet == '\n';
        }
        return out.toByteArray();
    }

    /// A message of at least so many octets with every kind of line: empty, short, of 998 octets,
    /// with leading dots, with all octets but CR, LF and NUL. The same at each call.
    static byte[] everyKindOfLine(int octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(octets + 2 * LONGEST_LINE);
        out.writeBytes("Subject: every kind of line\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        SplittableRandom random = new SplittableRandom(SEED);
        while (out.size() < octets) {
            out.writeBytes(line(random));
            out.write('\r');
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static byte[] line(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> TEMPTING.get(random.nextInt(TEMPTING.size())).getBytes(StandardCharsets.US_ASCII);
            case 1 -> anyOctets(random, LONGEST_LINE);
            case 2 -> ("." + "x".repeat(random.nextInt(LONGEST_LINE))).getBytes(StandardCharsets.US_ASCII);
            default -> anyOctets(random, random.nextInt(LONGEST_LINE));
        };
    }

    private static byte[] anyOctets(SplittableRandom random, int length) {
        byte[] line = new byte[length];
        random.nextBytes(line);
        for (int i = 0; i < length; i++) {
            if (line[i] == '\r' || line[i] == '\n' || line[i] == 0) {
                line[i] = (byte) 0xFF;
            }
        }
        return line;
    }

    /// The names of the fields that were put on top of a message, lower case, in their order.
    ///
    /// @param arrived the message as it came out
    /// @param sent the message as it went in, with the same line ends
    /// @throws AssertionError unless what came out ends with what went in, octet for octet, below
    ///     whole header fields
    static List<String> traceFields(byte[] arrived, byte[] sent) {
        int top = arrived.length - sent.length;
        if (top < 0 || !Arrays.equals(arrived, top, arrived.length, sent, 0, sent.length)) {
            throw new AssertionError("what came out does not end with what went in: " + difference(arrived, sent));
        }
        String fields = new String(arrived, 0, top, StandardCharsets.ISO_8859_1);
        if (!fields.isEmpty() && !fields.endsWith("\n")) {
            throw new AssertionError("the fields on top end within a line: " + fields);
        }
        return fields.lines()
                .filter(line -> !line.startsWith(" ") && !line.startsWith("\t"))
                .map(Octets::name)
                .toList();
    }

    private static String name(String line) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            throw new AssertionError("no header field: " + line);
        }
        return line.substring(0, colon).toLowerCase(Locale.ROOT);
    }

    private static String difference(byte[] arrived, byte[] sent) {
        int common = 0;
        while (common < arrived.length
                && common < sent.length
                && arrived[arrived.length - 1 - common] == sent[sent.length - 1 - common]) {
            common++;
        }
        return sent.length + " octets were sent, " + arrived.length + " arrived, the last " + common
                + " are the same; before these arrived: " + tail(arrived, arrived.length - common)
                + "\nand were sent: " + tail(sent, sent.length - common);
    }

    private static String tail(byte[] text, int end) {
        int start = Math.max(0, end - 100);
        return new String(text, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
