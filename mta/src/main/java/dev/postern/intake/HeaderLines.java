package dev.postern.intake;

import dev.postern.wire.ContentScan;
import dev.postern.wire.ContentScanner;

/// Looks at the lines of a header section while its octets pass, cut anywhere: all up to the first empty line, or the
/// whole content where there is none. Used by one thread.
///
/// What is behind the empty line may be no lines at all (RFC 3030 §3); the header is always, since fields are put above
/// it and read from it.
final class HeaderLines {
    private final ContentScanner octets = new ContentScanner();
    private Place place = Place.LINE_START;

    private enum Place {
        LINE_START,
        EMPTY_LINE_CR,
        LINE,
        LINE_CR,
        BODY
    }

    /// Looks at the next octets.
    void scan(byte[] piece, int offset, int length) {
        int end = offset;
        while (end < offset + length && place != Place.BODY) {
            place = next(piece[end]);
            end++;
        }
        octets.scan(piece, offset, end - offset);
    }

    private Place next(byte b) {
        return switch (place) {
            case LINE_START -> b == '\r' ? Place.EMPTY_LINE_CR : Place.LINE;
            case EMPTY_LINE_CR -> b == '\n' ? Place.BODY : within(b);
            case LINE -> within(b);
            case LINE_CR -> b == '\n' ? Place.LINE_START : within(b);
            case BODY -> Place.BODY;
        };
    }

    private static Place within(byte b) {
        return b == '\r' ? Place.LINE_CR : Place.LINE;
    }

    /// What was counted so far.
    ContentScan result() {
        return octets.result();
    }
}
