package dev.postern.feedback;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/// The characters of an XML document, which breaks where a piece of markup is too long for a parser
/// that keeps it in memory, or where document types begin.
final class MarkupReader extends FilterReader {
    /// The most chars from a `<` to the next, and of a comment, a CDATA section or an instruction.
    static final int LONGEST = 100_000;

    private static final String COMMENT = "!--";
    private static final String CDATA = "![CDATA[";

    private final StringBuilder begin = new StringBuilder(CDATA.length());
    private boolean opening;
    private String closing = "";
    private int closed;
    private int length;

    MarkupReader(Reader in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int c = super.read();
        if (c >= 0) {
            look((char) c);
        }
        return c;
    }

    @Override
    public int read(char[] into, int offset, int most) throws IOException {
        int read = super.read(into, offset, most);
        for (int i = offset; i < offset + read; i++) {
            look(into[i]);
        }
        return read;
    }

    private void look(char c) throws BrokenReportException {
        if (++length > LONGEST) {
            throw new BrokenReportException("a piece of the XML has more than " + LONGEST + " characters");
        }
        if (!closing.isEmpty()) {
            closed = c == closing.charAt(closed) ? closed + 1 : c == closing.charAt(0) ? repeated() : 0;
            if (closed == closing.length()) {
                closing = "";
                length = 0;
            }
        } else if (c == '<') {
            begin.setLength(0);
            opening = true;
            length = 0;
        } else if (opening) {
            opening(c);
        }
    }

    /// Behind `--` another `-` leaves as much closed, and so behind `]]`.
    private int repeated() {
        return closed == closing.length() - 1 ? closed : 1;
    }

    private void opening(char c) throws BrokenReportException {
        begin.append(c);
        String markup = begin.toString();
        if (markup.equals("?")) {
            close("?>");
        } else if (markup.equals(COMMENT)) {
            close("-->");
        } else if (markup.equals(CDATA)) {
            close("]]>");
        } else if (!COMMENT.startsWith(markup) && !CDATA.startsWith(markup)) {
            if (markup.startsWith("!")) {
                throw new BrokenReportException("the XML has a document type");
            }
            opening = false;
        }
    }

    private void close(String with) {
        opening = false;
        closing = with;
        closed = 0;
    }
}
