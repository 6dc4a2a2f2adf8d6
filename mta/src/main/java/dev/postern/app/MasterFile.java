package dev.postern.app;

import dev.postern.dns.DomainName;

/// Records as whoever edits a zone wants to paste them.
///
/// @rfc 1035 §5.1
final class MasterFile {
    private static final int LONGEST_STRING = 255;

    private MasterFile() {}

    /// A TXT record, its text in strings of at most 255 octets.
    ///
    /// @param text ASCII without quotation marks and backslashes
    static String txt(DomainName name, String text) {
        StringBuilder strings = new StringBuilder();
        for (int at = 0; at < text.length(); at += LONGEST_STRING) {
            strings.append(at == 0 ? "\"" : " \"")
                    .append(text, at, Math.min(at + LONGEST_STRING, text.length()))
                    .append('"');
        }
        return name + ".  TXT   " + strings;
    }
}
