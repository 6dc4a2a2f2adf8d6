package dev.postern.dsn;

import dev.postern.smtp.RetMode;
import dev.postern.spool.Content;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a report gives back of the message it is about: all of it, or its header (RFC 3461 §4.3,
/// RFC 6522 §4).
///
/// @param whole whether it is all of it
/// @param octets header fields, trace fields on top, and the rest if it is whole; every line ends
///     with CRLF
@SuppressWarnings("ArrayRecordComponent") // made here, read once, never compared
record ReturnedMessage(boolean whole, byte[] octets) {
    private static final int MAX_HEADER = 64 * 1024;
    private static final int MAX_LINE = 998;
    private static final Pattern MESSAGE_ID = Pattern.compile(
            "(?:^|\\n)message-id:[ \\t]*(?:\\r\\n[ \\t]+)?(<[!-;=?-~]{1,500}>)[ \\t]*\\r\\n", Pattern.CASE_INSENSITIVE);

    /// What to give back for a report.
    ///
    /// Only a failed message is returned whole, if it is small enough, it consists of lines of which
    /// none is too long for the report, and it need not travel under TLS only (RFC 8689 §5).
    static ReturnedMessage of(Report report, DsnSettings settings) {
        byte[] trace = report.message().traceOctets();
        Optional<Content> content = report.content();
        if (content.isEmpty()) {
            return new ReturnedMessage(false, trace);
        }
        try {
            return isWhole(report, settings)
                    ? new ReturnedMessage(true, join(trace, all(content.get())))
                    : new ReturnedMessage(false, join(trace, folded(header(content.get()))));
        } catch (IOException e) {
            // The message itself is what the report is about; without its header it is still worth sending.
            return new ReturnedMessage(false, trace);
        }
    }

    private static boolean isWhole(Report report, DsnSettings settings) {
        Optional<RetMode> asked = report.message().parameters().ret();
        int most = asked.isPresent() ? settings.returnedWhenAsked() : settings.returnedUnasked();
        return report.action() == Action.FAILED
                && asked.filter(ret -> ret == RetMode.HDRS).isEmpty()
                && !report.message().parameters().handling().requireTls()
                && report.message().size() <= most
                && !report.message().traits().binary()
                && report.message().traits().longestLine() <= MAX_LINE;
    }

    private static byte[] all(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    /// The header of a content with its last line end; what lies beyond a sane length is cut at a
    /// line end.
    private static byte[] header(Content content) throws IOException {
        byte[] start;
        try (InputStream in = content.open()) {
            start = in.readNBytes(MAX_HEADER);
        }
        int lineStart = 0;
        for (int i = 1; i < start.length; i++) {
            if (start[i] == '\n' && start[i - 1] == '\r') {
                if (i - lineStart == 1) {
                    break;
                }
                lineStart = i + 1;
            }
        }
        return java.util.Arrays.copyOf(start, lineStart);
    }

    /// Header lines, those that are too long broken.
    private static byte[] folded(byte[] header) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(header.length + 16);
        int inLine = 0;
        for (byte b : header) {
            if (inLine == MAX_LINE && b != '\r' && b != '\n') {
                out.writeBytes(new byte[] {'\r', '\n', ' '});
                inLine = 1;
            }
            out.write(b);
            inLine = b == '\n' ? 0 : inLine + 1;
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /// The Message-ID of the message, if it has one that can be named in another header.
    Optional<String> messageId() {
        String text = new String(octets, 0, Math.min(octets.length, MAX_HEADER), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        Matcher m = MESSAGE_ID.matcher(end < 0 ? text : text.substring(0, end + 2));
        return m.find() ? Optional.of(m.group(1)) : Optional.empty();
    }

    /// Whether an octet above 127 is in the header.
    boolean hasEightBitHeader() {
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] < 0) {
                return true;
            }
            if (i >= 3 && octets[i] == '\n' && octets[i - 2] == '\n') {
                return false;
            }
        }
        return false;
    }
}
