package dev.postern.mime;

import java.io.IOException;
import java.io.InputStream;

/// The octets that base64 stands for. Chars that are not of its alphabet are passed over; the first
/// `=` ends it, and what is left of a group then is dropped but for its whole octets.
///
/// @rfc 2045 §6.8
final class Base64Stream extends ByteReader {
    private static final int BITS = 6;
    private static final int OCTET = 8;

    private int bits;
    private int held;
    private boolean end;

    Base64Stream(InputStream encoded) {
        super(encoded);
    }

    @Override
    int decoded() throws IOException {
        while (!end) {
            int c = encoded();
            int value = value(c);
            if (c < 0 || c == '=') {
                end = true;
            } else if (value >= 0) {
                bits = (bits << BITS | value) & 0xFFFF;
                held += BITS;
                if (held >= OCTET) {
                    held -= OCTET;
                    return bits >> held & 0xFF;
                }
            }
        }
        return -1;
    }

    private static int value(int c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }
}
