package dev.postern.app.config;

import java.time.Duration;
import java.util.List;

/// The section `[submission]`: what submitters may do.
final class SubmissionSection {
    private SubmissionSection() {}

    /// Reads it.
    static Config.Submission read(Section section) {
        Config.Submission submission = new Config.Submission(
                section.choice("senders", "own", List.of("own", "domain", "any")),
                section.flag("repair-line-ends", false),
                HandlingSection.seconds(section, "future-release", Duration.ofDays(30)));
        section.finish();
        return submission;
    }
}
