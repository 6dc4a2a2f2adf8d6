package dev.postern.app.config;

import java.nio.file.Path;
import java.util.List;

/// The section `[log]`: where the mail log goes.
final class LogSection {
    private LogSection() {}

    /// Reads it.
    ///
    /// @param folder where relative paths begin
    static Config.Log read(Section section, Path folder) {
        Config.Log log = new Config.Log(
                section.choice("format", "text", List.of("text", "json")),
                section.string("file").map(folder::resolve));
        section.finish();
        return log;
    }
}
