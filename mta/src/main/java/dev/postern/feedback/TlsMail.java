package dev.postern.feedback;

import dev.postern.dns.DomainName;

/// Writes the message that carries a TLS report.
///
/// It says that it goes without TLS, too, since what it tells may be why there is none (RFC 8460 §3, RFC 8689 §3).
///
/// @rfc 8460 §5.3
public final class TlsMail {
    private TlsMail() {}

    /// The message, header and body with CRLF line ends: a sentence for a human, and the report in
    /// gzip. It is about the domain of the first policy.
    ///
    /// @throws IllegalArgumentException if the id of the report is not of the form of RFC 9990 §3.5.1
    public static byte[] compose(TlsReport report, ReportLetter outside) {
        DomainName domain = report.policies().getFirst().policy().domain();
        ReportName name = new ReportName(outside.submitter(), domain, report.period(), report.reportId());
        return new Letter(outside, "multipart/report; report-type=\"tlsrpt\"")
                .subject(name.atHost())
                .line("TLS-Required: No")
                .line("TLS-Report-Domain: " + domain)
                .line("TLS-Report-Submitter: " + outside.submitter())
                .part("Content-Type: text/plain; charset=us-ascii")
                .line("This is an SMTP TLS report on mail to " + domain)
                .line("by " + outside.submitter() + " (RFC 8460).")
                .part(
                        "Content-Type: " + TlsJson.PACKED_TYPE,
                        "Content-Transfer-Encoding: base64",
                        "Content-Disposition: attachment;",
                        " filename=\"" + name.fileName("json.gz") + "\"")
                .base64(TlsJson.pack(report))
                .end();
    }
}
