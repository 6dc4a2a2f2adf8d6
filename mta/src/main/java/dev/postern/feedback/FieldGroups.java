package dev.postern.feedback;

import dev.postern.message.MessageHeader;
import dev.postern.message.MessageReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The fields that a part for programs is made of, in groups with empty lines between them.
///
/// @rfc 3464 §2.1
/// @rfc 5965 §3
final class FieldGroups {
    /// The most octets of such a part.
    static final int LARGEST = 1 << 20;

    /// The most groups, which is the most recipients of a report.
    static final int MOST = 1000;

    private FieldGroups() {}

    /// Reads a part.
    ///
    /// @throws BrokenReportException if it is too large, or has too many groups
    static List<MessageHeader> read(InputStream part) throws IOException {
        byte[] octets = new LimitedStream(part, LARGEST, "the part for programs").readAllBytes();
        List<MessageHeader> groups = new ArrayList<>();
        StringBuilder group = new StringBuilder();
        // encodings may have left line ends of other systems, and some programs blanks on empty lines
        for (String line : new String(octets, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
            if (line.isBlank()) {
                add(group, groups);
            } else {
                group.append(line).append("\r\n");
            }
        }
        add(group, groups);
        return groups;
    }

    private static void add(StringBuilder group, List<MessageHeader> groups) throws IOException {
        byte[] fields = group.toString().getBytes(StandardCharsets.ISO_8859_1);
        group.setLength(0);
        MessageHeader header = MessageReader.read(new ByteArrayInputStream(fields), 2 * LARGEST)
                .header();
        if (!header.fields().isEmpty()) {
            groups.add(header);
        }
        if (groups.size() > MOST) {
            throw new BrokenReportException("the part for programs has more than " + MOST + " groups of fields");
        }
    }
}
