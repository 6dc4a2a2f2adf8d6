package dev.postern.dns;

import java.nio.charset.StandardCharsets;

/// One word of a master file and where it stands.
///
/// @param text the word, quotes and escapes undone, one char an octet of UTF-8
/// @param quoted whether it stood in quotes
/// @param line the line, from 1
/// @param column the column, from 1
record ZoneWord(String text, boolean quoted, int line, int column) {
    /// The text as characters.
    String characters() {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
