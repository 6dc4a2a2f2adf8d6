package dev.postern.intake;

import dev.postern.message.HeaderField;
import dev.postern.spool.SpoolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Takes fields of one name out of a header section while its octets pass, where a predicate says
/// so; everything else goes on as it is. Used by one thread.
///
/// Keeps no more than one field in memory. One of that name that is longer than 64 KiB is taken out
/// unread.
final class FieldFilter {
    private static final int LONGEST_FIELD = 64 << 10;
    private static final int MOST_SPACE = 100;
    private static final int MOST_TOLD = 10;
    private static final int LONGEST_TOLD = 500;

    private final byte[] name;
    private final Predicate<HeaderField> unwanted;
    private final ByteArrayOutputStream field = new ByteArrayOutputStream();
    private final List<String> removed = new ArrayList<>();
    private State state = State.LINE_START;
    private byte before;

    /// Takes what stays.
    @FunctionalInterface
    interface Sink {
        /// Takes `length` octets from `offset`.
        void write(byte[] octets, int offset, int length) throws SpoolException;
    }

    /// Where the filter is in the message.
    private enum State {
        /// At the first octet of a line of the header section that is not part of a kept-back field.
        LINE_START,
        /// In a name that may be the one.
        NAME,
        /// In a line that goes on.
        PASSING,
        /// In a field that is kept back.
        FIELD,
        /// At the first octet of a line behind a field that is kept back.
        FIELD_LINE_START,
        /// Behind the first empty line.
        BODY
    }

    /// @param name of the fields that are looked at
    /// @param unwanted which of them are taken out
    FieldFilter(String name, Predicate<HeaderField> unwanted) {
        this.name = name.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
        this.unwanted = unwanted;
    }

    /// Takes octets and hands on those that stay.
    void write(byte[] piece, int offset, int length, Sink to) throws SpoolException {
        int end = offset + length;
        int from = offset; // what was taken and goes on, but was not handed on yet
        for (int i = offset; i < end && state != State.BODY; i++) {
            if (state == State.FIELD_LINE_START && piece[i] != ' ' && piece[i] != '\t') {
                flush(to);
                state = State.LINE_START;
                from = i;
            }
            boolean wasKeptBack = isKeptBack();
            octet(piece[i]);
            if (isKeptBack()) {
                handOn(piece, from, wasKeptBack ? from : i, to);
                keepBack(piece[i]);
                from = i + 1;
            } else if (wasKeptBack) {
                handOnName(to);
                from = i;
            }
            before = piece[i];
        }
        handOn(piece, from, end, to);
    }

    /// Hands on what was kept back when the message ends within its header section.
    void finish(Sink to) throws SpoolException {
        if (state == State.NAME) {
            handOnName(to);
        } else if (isKeptBack()) {
            flush(to);
        }
        state = State.BODY;
    }

    /// The beginnings of the first fields that were taken out.
    List<String> removed() {
        return List.copyOf(removed);
    }

    private boolean isKeptBack() {
        return state == State.NAME || state == State.FIELD || state == State.FIELD_LINE_START;
    }

    private void octet(byte b) {
        boolean lineEnds = b == '\n' && before == '\r';
        switch (state) {
            case LINE_START -> lineStart(b);
            case FIELD_LINE_START -> state = State.FIELD;
            case NAME -> name(b, lineEnds);
            case PASSING -> state = lineEnds ? State.LINE_START : State.PASSING;
            case FIELD -> state = lineEnds ? State.FIELD_LINE_START : State.FIELD;
            case BODY -> {}
        }
    }

    private void lineStart(byte b) {
        if (b == '\r' || b == '\n') {
            state = State.BODY;
        } else {
            state = lower(b) == name[0] ? State.NAME : State.PASSING;
        }
    }

    private void name(byte b, boolean lineEnds) {
        int at = field.size();
        if (at < name.length) {
            state = lower(b) == name[at] ? State.NAME : passing(lineEnds);
        } else if (b == ':') {
            state = State.FIELD;
        } else if ((b != ' ' && b != '\t') || at > name.length + MOST_SPACE) {
            state = passing(lineEnds);
        }
    }

    private static State passing(boolean lineEnds) {
        return lineEnds ? State.LINE_START : State.PASSING;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
    }

    private void keepBack(byte b) {
        if (field.size() <= LONGEST_FIELD) {
            field.write(b);
        }
    }

    /// What began like the name is another.
    private void handOnName(Sink to) throws SpoolException {
        byte[] kept = field.toByteArray();
        field.reset();
        to.write(kept, 0, kept.length);
    }

    /// Ends a field that was kept back: it goes on, or it goes.
    private void flush(Sink to) throws SpoolException {
        byte[] kept = field.toByteArray();
        field.reset();
        String text = new String(kept, StandardCharsets.ISO_8859_1);
        text = text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text;
        if (kept.length <= LONGEST_FIELD && !unwanted.test(HeaderField.of(text))) {
            to.write(kept, 0, kept.length);
        } else if (removed.size() < MOST_TOLD) {
            removed.add(text.substring(0, Math.min(text.length(), LONGEST_TOLD)));
        }
    }

    private static void handOn(byte[] piece, int from, int to, Sink sink) throws SpoolException {
        if (to > from) {
            sink.write(piece, from, to - from);
        }
    }
}
