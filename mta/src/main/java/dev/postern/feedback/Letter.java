package dev.postern.feedback;

import dev.postern.message.MailDate;
import dev.postern.smtp.Mailbox;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;

/// The octets of a message of several parts while it is written, lines ending with CRLF.
///
/// Whatever is put in is free of line ends already: domains, mailboxes and ids cannot have them,
/// texts of reports have lost them.
final class Letter {
    /// Occurs neither in base64 nor in what we say.
    private static final String BOUNDARY = "=_report_part";

    private static final int LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(4096);

    /// Begins with the fields that every letter has but its subject.
    ///
    /// @param type the content type of the whole, with its parameters but for the boundary
    Letter(ReportLetter outside, String type) {
        line("Date: " + MailDate.format(outside.date()));
        line("From: <" + outside.from() + ">");
        line("To: " + outside.to().stream().map(Mailbox::toString).collect(Collectors.joining(">,\r\n <", "<", ">")));
        line("Message-ID: <" + outside.messageId() + ">");
        line("Auto-Submitted: auto-generated");
        line("MIME-Version: 1.0");
        line("Content-Type: " + type + ";");
        line(" boundary=\"" + BOUNDARY + "\"");
    }

    /// A line of the header or of a part.
    Letter line(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(CRLF);
        return this;
    }

    /// The first or the next part begins: its header, and the empty line.
    Letter part(String... fields) {
        line("").line("--" + BOUNDARY);
        for (String field : fields) {
            line(field);
        }
        return line("");
    }

    /// The subject of a report on a domain over a time.
    ///
    /// ```
    /// dmarc-subject = %s"Report" 1*FWS %s"Domain:" 1*FWS domain-name 1*FWS
    ///                 %s"Submitter:" 1*FWS domain-name 1*FWS
    ///                 [ %s"Report-ID:" 1*FWS ridtxt ]
    /// ```
    ///
    /// @rfc 9990 §3.5.2
    /// @rfc 8460 §5.3
    Letter subject(ReportName name) {
        return line("Subject: Report Domain: " + name.domain())
                .line(" Submitter: " + name.submitter())
                .line(" Report-ID: <" + name.id() + ">");
    }

    /// A field of ASCII, folded where blanks allow it; other characters become `?`.
    Letter field(String name, String text) {
        StringBuilder line = new StringBuilder(name).append(':');
        for (String word : text.replaceAll("[^ -~]", "?").split(" ", -1)) {
            if (line.length() + 1 + word.length() > LINE && line.length() > name.length() + 1) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(' ').append(word);
        }
        return line(line.toString());
    }

    /// Octets as they are, as the content of a part.
    Letter octets(byte[] octets) {
        out.writeBytes(octets);
        return this;
    }

    /// Octets in base64, as the content of a part.
    Letter base64(byte[] octets) {
        return octets(Base64.getMimeEncoder(LINE, CRLF).encode(octets)).octets(CRLF);
    }

    /// The letter as a whole.
    byte[] end() {
        return line("--" + BOUNDARY + "--").out.toByteArray();
    }
}
