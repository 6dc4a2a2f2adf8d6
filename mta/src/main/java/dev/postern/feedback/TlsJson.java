package dev.postern.feedback;

import java.io.IOException;
import java.io.InputStream;

/// SMTP TLS reports as JSON.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8460 RFC 8460
public final class TlsJson {
    /// What a document in gzip is.
    public static final String PACKED_TYPE = "application/tlsrpt+gzip";

    private TlsJson() {}

    /// The document, in UTF-8, with the keys in the order of RFC 8460 §4.4.
    public static byte[] write(TlsReport report) {
        return new TlsWriter().write(report);
    }

    /// The document in gzip, which is how reports leave; the same report always gives the same octets.
    ///
    /// @rfc 8460 §5.2
    public static byte[] pack(TlsReport report) {
        return AggregateMail.gzip(write(report));
    }

    /// Reads a document.
    ///
    /// @param json the document; the caller closes it
    /// @return a {@link Finding.Tls}, a {@link Finding.NoReport} if the document is something else, or
    ///     a {@link Finding.Broken}
    public static Finding read(InputStream json, ReportLimits limits) throws IOException {
        return new TlsReader(limits).read(json);
    }
}
