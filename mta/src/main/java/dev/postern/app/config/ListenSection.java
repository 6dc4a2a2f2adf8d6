package dev.postern.app.config;

import java.nio.file.Path;

/// The section `[listen]`: where we listen for mail, by role, and for the web.
final class ListenSection {
    private ListenSection() {}

    /// Reads where the web server listens; before the rest, which ends the section.
    static Config.Web web(Section section) {
        String expected = "an address and a port, such as \"0.0.0.0:80\" or \"[::]:80\"";
        return new Config.Web(
                section.parsedList("http", expected, Endpoints::inet),
                section.parsedList("https", expected, Endpoints::inet));
    }

    /// Reads where mail is taken.
    ///
    /// @param folder where relative paths begin
    static Config.Listen read(Section section, Path folder) {
        String expected = "an address and a port, such as \"0.0.0.0:25\" or \"[::]:25\"";
        Config.Listen listen = new Config.Listen(
                section.parsedList("mx", expected, Endpoints::listening),
                section.parsedList("submission", expected, Endpoints::listening),
                section.parsedList("submissions", expected, Endpoints::listening),
                section.parsedList("lmtp", expected + ", or \"unix:PATH\"", text -> Endpoints.any(text, folder)));
        section.finish();
        if (listen.isEmpty()) {
            section.fault("mx", "nobody listens: write at least mx = [\"0.0.0.0:25\", \"[::]:25\"] below [listen]");
        }
        return listen;
    }
}
