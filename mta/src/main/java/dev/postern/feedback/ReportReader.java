package dev.postern.feedback;

import java.io.IOException;
import java.io.InputStream;

/// Finds out whether a message is a report, and which; used by any number of threads.
public final class ReportReader {
    private final ReportLimits limits;

    public ReportReader(ReportLimits limits) {
        this.limits = limits;
    }

    /// What a message is.
    ///
    /// @param message header and body with CRLF line ends; the caller closes it
    public Finding read(InputStream message) throws IOException {
        return AggregateXml.read(message, limits);
    }
}
