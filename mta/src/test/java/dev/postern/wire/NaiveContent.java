package dev.postern.wire;

import java.util.Arrays;
import java.util.Optional;

/// Content as the RFCs define it, in the plainest code: the oracle for the fast one.
final class NaiveContent {
    private NaiveContent() {}

    /// What stands before the end of data, dots undone, and what follows it.
    record Read(String content, String rest) {}

    /// The content at the start of a stream; empty if its end has not come (RFC 5321 §4.5.2).
    static Optional<Read> read(String wire) {
        String stream = "\r\n" + wire;
        int end = stream.indexOf("\r\n.\r\n");
        if (end < 0) {
            return Optional.empty();
        }
        String content = stream.substring(0, end + 2).replace("\r\n.", "\r\n").substring(2);
        return Optional.of(new Read(content, stream.substring(end + 5)));
    }

    static ContentScan scan(String content) {
        String bare = content.replace("\r\n", "");
        int longest = Arrays.stream(content.split("\r\n", -1))
                .mapToInt(String::length)
                .max()
                .orElseThrow();
        return new ContentScan(
                content.length(),
                count(bare, '\r'),
                count(bare, '\n'),
                count(content, '\0'),
                content.chars().anyMatch(c -> c > 127),
                longest,
                content.isEmpty() || content.endsWith("\r\n"));
    }

    private static long count(String text, char c) {
        return text.chars().filter(other -> other == c).count();
    }
}
