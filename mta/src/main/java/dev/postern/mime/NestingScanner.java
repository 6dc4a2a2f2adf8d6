package dev.postern.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Looks at how deep multiparts and messages lie within each other in a message, while its octets pass (RFC 2046 §5).
/// Keeps the boundaries that are open, and of the content no more than the beginning of a line.
///
/// Fed with pieces cut anywhere. A message that has no parts is not looked at behind its header, and what is encoded
/// not at all: RFC 2046 §5.2.1 has no message in base64.
public final class NestingScanner {
    /// So many octets of a line, or of a Content-Type field with all its lines, are looked at.
    private static final int LONGEST = 4096;

    private static final byte[] CONTENT_TYPE = "content-type:".getBytes(StandardCharsets.US_ASCII);

    private final int limit;
    private final List<Level> open = new ArrayList<>();
    private byte[] line = new byte[128];
    private int length;
    private boolean skipping;
    private State state = State.HEADER;
    private FieldState field = FieldState.ABSENT;
    private final StringBuilder type = new StringBuilder();

    private enum State {
        HEADER,
        BODY,
        /// Nothing more can change.
        DONE,
        TOO_DEEP
    }

    /// How far the Content-Type field of the present header has come; the first one counts.
    private enum FieldState {
        ABSENT,
        COMING,
        COMPLETE
    }

    /// A multipart that is open, or a message within one.
    ///
    /// @param delimiter two hyphens and the boundary; none of a message
    /// @param digest whether its parts are messages where they do not say what they are (RFC 2046 §5.1.5)
    private record Level(String delimiter, boolean digest) {
        static final Level MESSAGE = new Level("", false);

        boolean isMultipart() {
            return !delimiter.isEmpty();
        }
    }

    /// @param limit how many levels there may be, 1 or more
    public NestingScanner(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit below 1");
        }
        this.limit = limit;
    }

    /// Whether there are more levels than the limit.
    public boolean tooDeep() {
        return state == State.TOO_DEEP;
    }

    /// Looks at the next octets.
    public void scan(byte[] piece, int offset, int count) {
        for (int i = offset; i < offset + count && state != State.DONE && state != State.TOO_DEEP; i++) {
            octet(piece[i]);
        }
    }

    private void octet(byte b) {
        if (b == '\n') {
            if (!skipping) {
                line();
            }
            skipping = false;
            length = 0;
        } else if (state == State.BODY && length < 2 && b != '-') {
            skipping = true; // no delimiter begins like this
        } else if (!skipping && length < LONGEST) {
            keep(b);
        }
    }

    private void keep(byte b) {
        if (length == line.length) {
            line = Arrays.copyOf(line, Math.min(2 * length, LONGEST));
        }
        line[length++] = b;
    }

    private void line() {
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (isDelimiter() || state == State.BODY) {
            return;
        }
        if (length == 0) {
            endOfHeader();
        } else if (line[0] == ' ' || line[0] == '\t') {
            if (field == FieldState.COMING) {
                collect(0);
            }
        } else if (field == FieldState.COMING) {
            field = FieldState.COMPLETE;
        } else if (field == FieldState.ABSENT && isContentType()) {
            field = FieldState.COMING;
            collect(CONTENT_TYPE.length);
        }
    }

    private boolean isContentType() {
        if (length < CONTENT_TYPE.length) {
            return false;
        }
        for (int i = 0; i < CONTENT_TYPE.length; i++) {
            if (Character.toLowerCase((char) line[i]) != CONTENT_TYPE[i]) {
                return false;
            }
        }
        return true;
    }

    private void collect(int from) {
        int room = Math.min(length - from, LONGEST - type.length());
        type.append(new String(line, from, Math.max(room, 0), StandardCharsets.ISO_8859_1));
    }

    /// Whether the line is the delimiter of a multipart that is open; whatever lies within that has ended.
    private boolean isDelimiter() {
        if (length < 2 || line[0] != '-' || line[1] != '-') {
            return false;
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            String delimiter = open.get(i).delimiter();
            if (open.get(i).isMultipart() && begins(delimiter)) {
                int end = delimiter.length();
                boolean closes = end + 1 < length && line[end] == '-' && line[end + 1] == '-';
                int behind = end + (closes ? 2 : 0);
                if (behind == length || !Parts.isBoundaryChar(line[behind])) {
                    open.subList(closes ? i : i + 1, open.size()).clear();
                    if (closes) {
                        body();
                    } else {
                        header();
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private boolean begins(String delimiter) {
        if (length < delimiter.length()) {
            return false;
        }
        for (int i = 0; i < delimiter.length(); i++) {
            if ((char) (line[i] & 0xFF) != delimiter.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void header() {
        state = State.HEADER;
        field = FieldState.ABSENT;
        type.setLength(0);
    }

    /// Where nothing is open, no line can open anything.
    private void body() {
        state = open.isEmpty() ? State.DONE : State.BODY;
    }

    private void endOfHeader() {
        ContentType is = field == FieldState.ABSENT
                ? undeclared()
                : ContentType.parse(type.toString()).orElse(ContentType.DEFAULT);
        String boundary = is.parameter("boundary").map(String::stripTrailing).orElse("");
        if (is.isMultipart() && !boundary.isEmpty() && boundary.length() <= Parts.LONGEST_BOUNDARY) {
            open.add(new Level("--" + boundary, is.is("multipart/digest")));
            body();
        } else if (is.is("message/rfc822") || is.is("message/global")) {
            open.add(Level.MESSAGE);
            header();
        } else {
            body();
        }
        if (open.size() > limit) {
            state = State.TOO_DEEP;
            open.clear();
        }
    }

    private ContentType undeclared() {
        return !open.isEmpty() && open.getLast().digest() ? ContentType.MESSAGE : ContentType.DEFAULT;
    }
}
