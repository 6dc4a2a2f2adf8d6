package dev.postern.feedback;

import java.io.IOException;
import java.io.InputStream;

/// Aggregate reports as XML.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9990 RFC 9990
public final class AggregateXml {
    private AggregateXml() {}

    /// The document, in UTF-8, valid by the schema of RFC 9990.
    ///
    /// Of the SPF results of a row only the first for a reverse-path is written, since that schema
    /// has no place for others.
    public static byte[] write(AggregateReport report) {
        return new AggregateWriter().write(report);
    }

    /// Reads a document in the form of RFC 9990 or RFC 7489, or what real reporters take for it.
    ///
    /// @param xml the document; the caller closes it
    /// @return an {@link Finding.Aggregate}, a {@link Finding.NoReport} if the document is something
    ///     else, or a {@link Finding.Broken}
    public static Finding read(InputStream xml, ReportLimits limits) throws IOException {
        return new AggregateReader(limits).read(xml);
    }
}
