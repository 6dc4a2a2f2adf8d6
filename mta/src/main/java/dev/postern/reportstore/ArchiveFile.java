package dev.postern.reportstore;

import dev.postern.dns.DomainName;
import dev.postern.spool.QueueId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The file of an archived report: some lines about it, an empty one, the message as it came.
///
/// ```
/// file  = "postern-report 1" LF "received " time LF "id " queue-id LF "author " ( domain / "-" ) LF LF message
/// ```
final class ArchiveFile {
    private static final String FIRST = "postern-report 1";
    private static final int LINES = 4;
    private static final int LONGEST_LINE = 300;

    private ArchiveFile() {}

    /// The octets of a file.
    static byte[] write(ArchivedReport report, byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + LONGEST_LINE);
        out.writeBytes((FIRST + "\nreceived " + report.received() + "\nid " + report.id() + "\nauthor "
                        + report.author().map(DomainName::text).orElse("-") + "\n\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(message);
        return out.toByteArray();
    }

    /// Reads the lines about a report, after which the stream stands at the message; empty if it is no such file.
    static Optional<ArchivedReport> read(InputStream file) throws IOException {
        String[] lines = new String[LINES + 1];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line(file);
        }
        List<String> all = List.of(lines);
        Optional<QueueId> id = value(all.get(2), "id ").flatMap(QueueId::parse);
        Optional<String> author = value(all.get(3), "author ");
        Optional<Instant> received = value(all.get(1), "received ").flatMap(ArchiveFile::instant);
        return all.get(0).equals(FIRST) && all.get(LINES).isEmpty() && author.isPresent() && received.isPresent()
                ? id.map(name -> new ArchivedReport(received.get(), name, author.flatMap(DomainName::parse)))
                : Optional.empty();
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException notTime) {
            return Optional.empty(); // the exception is how the platform says "no"
        }
    }

    private static Optional<String> value(String line, String name) {
        return line.startsWith(name) ? Optional.of(line.substring(name.length())) : Optional.empty();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_LINE; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
