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
        DomainName domain = report.policy().domain();
        ReportName name = new ReportName(
                outside.submitter(),
                domain,
                report.metadata().period(),
                report.metadata().reportId());
        return new Letter(outside, "multipart/mixed")
                .subject(name)
                .part("Content-Type: text/plain; charset=us-ascii")
                .line("This is a DMARC aggregate report on mail from " + domain)
                .line("by " + outside.submitter() + " (RFC 9990).")
                .part(
                        "Content-Type: application/gzip",
                        "Content-Transfer-Encoding: base64",
                        "Content-Disposition: attachment;",
                        " filename=\"" + name.fileName("xml.gz") + "\"")
                .base64(gzip(AggregateXml.write(report)))
                .end();
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
