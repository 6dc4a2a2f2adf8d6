package dev.postern.smtpclient;

import dev.postern.smtp.MailParameters;
import dev.postern.smtp.Recipient;
import dev.postern.smtp.ReversePath;
import dev.postern.spool.Content;
import dev.postern.spool.ContentTraits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What one transaction sends.
///
/// @param parameters what the sender asked for with MAIL
/// @param recipients at least one, each at most once
/// @param trace the header fields that go on top, one char an octet, each line ended by CRLF
/// @param content what follows them
/// @param traits of the content
public record Transmission(
        ReversePath reversePath,
        MailParameters parameters,
        List<Recipient> recipients,
        String trace,
        Content content,
        ContentTraits traits) {
    /// @throws IllegalArgumentException if there is no recipient
    public Transmission {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a transmission to nobody");
        }
    }

    /// Octets that go over the wire, dot-stuffing apart.
    public long size() {
        return trace.length() + content.size();
    }

    /// The octets: trace fields, then content.
    InputStream open() throws IOException {
        return new SequenceInputStream(
                new ByteArrayInputStream(trace.getBytes(StandardCharsets.ISO_8859_1)), content.open());
    }

    /// Whether an octet above 127 is in the fields that go on top.
    boolean eightBitTrace() {
        return trace.chars().anyMatch(c -> c > 127);
    }
}
