package dev.postern.crypto;

/// Goes from one element to the next in octets that are ASN.1 by the distinguished rules, without reading what is in
/// them; used by one thread.
///
/// A step that is not possible says no and stays where it is.
///
/// @spec https://www.itu.int/rec/T-REC-X.690 X.690 §8.1, §10.1
final class DerWalk {
    static final int INTEGER = 0x02;
    static final int SEQUENCE = 0x30;
    /// The version of a certificate: context-specific, constructed, number 0.
    static final int VERSION = 0xA0;

    private static final int LONG_FORM = 0x80;
    private static final int MOST_LENGTH_OCTETS = 4;

    private final byte[] octets;
    private int at;
    private int content;
    private int end;

    DerWalk(byte[] octets) {
        this.octets = octets;
    }

    /// Where the next element begins.
    int at() {
        return at;
    }

    /// Goes into the element here, to the first one within it.
    boolean enter(int tag) {
        if (!isHere(tag)) {
            return false;
        }
        at = content;
        return true;
    }

    /// Goes past the element here.
    boolean skip(int tag) {
        if (!isHere(tag)) {
            return false;
        }
        at = end;
        return true;
    }

    /// Goes past the element here if it is such a one; false where it is one that is torn.
    boolean skipIf(int tag) {
        return (at < octets.length && (octets[at] & 0xFF) != tag) || skip(tag);
    }

    /// Whether a whole element of this tag begins here; then `content` and `end` are its own.
    private boolean isHere(int tag) {
        int lengthAt = at + 1;
        if (lengthAt >= octets.length || (octets[at] & 0xFF) != tag) {
            return false;
        }
        int first = octets[lengthAt] & 0xFF;
        int more = first < LONG_FORM ? 0 : first - LONG_FORM;
        if (first == LONG_FORM || more > MOST_LENGTH_OCTETS || octets.length - lengthAt - 1 < more) {
            return false; // without a length, or longer than octets can be
        }
        long length = more == 0 ? first : 0;
        for (int i = 1; i <= more; i++) {
            length = (length << 8) | (octets[lengthAt + i] & 0xFF);
        }
        content = lengthAt + 1 + more;
        if (length > octets.length - content) {
            return false;
        }
        end = content + (int) length;
        return true;
    }
}
