package dev.postern.feedback;

import java.io.IOException;

/// A report that cannot be read, said from deep within its reader; outside it is a {@link Finding.Broken}.
final class BrokenReportException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String why;

    /// @param why a sentence for a human, without a full stop
    BrokenReportException(String why) {
        super(why);
        this.why = why;
    }

    /// What it is outside.
    Finding.Broken finding() {
        return new Finding.Broken(Words.clean(why));
    }
}
