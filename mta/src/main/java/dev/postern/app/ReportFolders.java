package dev.postern.app;

import dev.postern.app.config.Config;
import java.nio.file.Path;

/// Where reports lie in the data folder.
final class ReportFolders {
    private ReportFolders() {}

    /// What we have seen of others' mail and told them.
    static Path ledger(Config config) {
        return config.data().resolve("reports/seen");
    }

    /// How our sessions with others' servers went, and what we have told them.
    static Path sessions(Config config) {
        return config.data().resolve("reports/sessions");
    }

    /// What others have told us.
    static Path received(Config config) {
        return config.data().resolve("reports/received");
    }
}
