package dev.postern.app.config;

import dev.postern.wire.Endpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The section `[listen]`: where mail and the questions for our pages come in.
///
/// @param mail by role
/// @param web the web server's
record ListenSection(Config.Listen mail, Config.Web web) {
    private static final String EXPECTED = "an address and a port, such as \"0.0.0.0:%1$d\" or \"[::]:%1$d\"";

    /// Reads it.
    ///
    /// @param folder where relative paths begin
    static ListenSection read(Section section, Path folder) {
        Config.Web web = new Config.Web(
                section.parsedList("http", EXPECTED.formatted(80), Endpoints::inet),
                section.parsedList("https", EXPECTED.formatted(443), Endpoints::inet));
        String mail = EXPECTED.formatted(25);
        Config.Listen listen = new Config.Listen(
                section.parsedList("mx", mail, Endpoints::listening),
                section.parsedList("submission", mail, Endpoints::listening),
                section.parsedList("submissions", mail, Endpoints::listening),
                section.parsedList("lmtp", mail + ", or \"unix:PATH\"", text -> Endpoints.any(text, folder)));
        section.finish();
        if (listen.isEmpty()) {
            section.fault("mx", "nobody listens: write at least mx = [\"0.0.0.0:25\", \"[::]:25\"] below [listen]");
        }
        Map<Endpoint, String> roles = new HashMap<>();
        requireOnce(section, "mx", listen.mx(), roles);
        requireOnce(section, "submission", listen.submission(), roles);
        requireOnce(section, "submissions", listen.submissions(), roles);
        requireOnce(section, "lmtp", listen.lmtp(), roles);
        requireOnce(section, "http", web.http(), roles);
        requireOnce(section, "https", web.https(), roles);
        return new ListenSection(listen, web);
    }

    /// Nobody else can have an address that is taken; port 0 is another one each time.
    private static void requireOnce(
            Section section, String role, List<? extends Endpoint> endpoints, Map<Endpoint, String> roles) {
        for (Endpoint endpoint : endpoints) {
            boolean fixed = !(endpoint instanceof Endpoint.Inet inet) || inet.port() != 0;
            String before = fixed ? roles.putIfAbsent(endpoint, role) : null;
            if (before != null) {
                section.fault(
                        role,
                        "\"listen." + role + "\" has " + endpoint + ", which \"listen." + before
                                + "\" has already; each address and port can be listened at once");
            }
        }
    }
}
