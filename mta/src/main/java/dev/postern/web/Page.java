package dev.postern.web;

import java.nio.charset.StandardCharsets;

/// What is served for one request.
///
/// @param mediaType as it stands in Content-Type
/// @param text in UTF-8 on the wire
public record Page(String mediaType, String text) {
    /// A text without marks.
    public static Page plain(String text) {
        return new Page("text/plain; charset=utf-8", text);
    }

    byte[] octets() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
