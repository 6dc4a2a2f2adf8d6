package dev.postern.reporting;

import dev.postern.feedback.AbuseReport;
import dev.postern.feedback.ReportLetter;

/// Stand-in until the composer of feedback is there.
final class FailureMail {
    private FailureMail() {}

    static byte[] compose(AbuseReport report, ReportLetter letter) {
        throw new IllegalStateException("not yet " + report + letter);
    }
}
