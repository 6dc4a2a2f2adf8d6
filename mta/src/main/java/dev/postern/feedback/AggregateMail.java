package dev.postern.feedback;

import dev.postern.dns.DomainName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/// Writes the message that carries an aggregate report.
///
/// @rfc 9990 §3.5.2
public final class AggregateMail {
    private AggregateMail() {}

    /// The message, header and body with CRLF line ends: a sentence for a human, and the report in
    /// gzip.
    ///
    /// @throws IllegalArgumentException if the id of the report is not of the form of RFC 9990 §3.5.1
    public static byte[] compose(AggregateReport report, ReportLetter outside) {
        String id = report.metadata().reportId();
        if (!ReportId.isDotAtoms(id)) {
            throw new IllegalArgumentException("not a report id: " + id);
        }
        DomainName domain = report.policy().domain();
        return new Letter(outside, "multipart/mixed")
                .line("Subject: Report Domain: " + domain)
                .line(" Submitter: " + outside.submitter())
                .line(" Report-ID: <" + id + ">")
                .part("Content-Type: text/plain; charset=us-ascii")
                .line("This is a DMARC aggregate report on mail from " + domain)
                .line("by " + outside.submitter() + " (RFC 9990).")
                .part(
                        "Content-Type: application/gzip",
                        "Content-Transfer-Encoding: base64",
                        "Content-Disposition: attachment;",
                        " filename=\"" + fileName(report, outside.submitter()) + "\"")
                .base64(gzip(AggregateXml.write(report)))
                .end();
    }

    /// The name of the attachment.
    ///
    /// ```
    /// filename  = receiver "!" policy-domain "!" begin-timestamp
    ///             "!" end-timestamp [ "!" unique-id ] "." extension
    /// unique-id = 1*(ALPHA / DIGIT)
    /// ```
    private static String fileName(AggregateReport report, DomainName receiver) {
        ReportMetadata metadata = report.metadata();
        // the unique id is that of the report or is not there (RFC 9990 §3.1.4)
        boolean unique = metadata.reportId().chars().allMatch(AggregateMail::isAlphanumeric);
        return receiver + "!" + report.policy().domain() + "!"
                + metadata.period().begin().getEpochSecond() + "!"
                + metadata.period().end().getEpochSecond()
                + (unique ? "!" + metadata.reportId() : "") + ".xml.gz";
    }

    private static boolean isAlphanumeric(int c) {
        return c < 128 && Character.isLetterOrDigit(c);
    }

    /// Octets in gzip; the same octets always give the same.
    static byte[] gzip(byte[] octets) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(octets.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(octets);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not fail", impossible);
        }
        return packed.toByteArray();
    }
}
