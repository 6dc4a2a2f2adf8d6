package dev.postern.app;

import dev.postern.app.config.Config;
import java.nio.file.Path;

/// The Unix socket at which programs of this machine hand over mail, without a login: who may open
/// it is decided by its file permissions.
final class LocalSubmission {
    private LocalSubmission() {}

    /// Where it is.
    static Path socket(Config config) {
        return config.data().resolve("submit.sock");
    }
}
