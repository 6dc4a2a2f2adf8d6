package dev.postern.transport;

import dev.postern.route.Route;
import dev.postern.spool.Content;
import dev.postern.spool.SpooledMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A message as it is laid into an inbox or given to a program of this machine.
///
/// On top `Return-Path` (RFC 5321 §4.4) and `Delivered-To`, then the trace fields, then the
/// content; every CRLF is written as LF, as readers of a Maildir and programs expect it, and as
/// they give it back as CRLF. Every other octet is kept.
///
/// A content that is no lines (RFC 3030 §3) is kept octet for octet, since nobody could tell an LF
/// that was CRLF from one that was not; what stands above it ends its lines with CRLF then, too.
final class InboxCopy {
    private static final int BLOCK = 16 * 1024;

    private InboxCopy() {}

    /// Writes the copy for one inbox.
    static void write(SpooledMessage message, Content content, Route.Local route, OutputStream out) throws IOException {
        String top = "Return-Path: <" + message.reversePath() + ">\r\nDelivered-To: " + route.inbox() + "\r\n";
        if (message.traits().binary()) {
            out.write(top.getBytes(StandardCharsets.UTF_8));
            out.write(message.traceOctets());
            try (InputStream octets = content.open()) {
                octets.transferTo(out);
            }
            return;
        }
        out.write(top.replace("\r", "").getBytes(StandardCharsets.UTF_8));
        LineFeeds lines = new LineFeeds(out);
        byte[] trace = message.traceOctets();
        lines.write(trace, trace.length);
        byte[] block = new byte[BLOCK];
        try (InputStream octets = content.open()) {
            for (int n = octets.read(block); n >= 0; n = octets.read(block)) {
                lines.write(block, n);
            }
        }
        lines.end();
    }

    /// Writes LF for each CRLF, also where the two come in different blocks.
    private static final class LineFeeds {
        private final OutputStream out;
        private boolean heldCr;

        LineFeeds(OutputStream out) {
            this.out = out;
        }

        void write(byte[] octets, int length) throws IOException {
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (heldCr) {
                    heldCr = false;
                    if (octets[i] != '\n') {
                        out.write('\r');
                    }
                }
                if (octets[i] == '\r') {
                    out.write(octets, from, i - from);
                    from = i + 1;
                    heldCr = true;
                }
            }
            out.write(octets, from, length - from);
        }

        void end() throws IOException {
            if (heldCr) {
                out.write('\r');
            }
        }
    }
}
