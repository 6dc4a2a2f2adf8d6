package dev.postern.app;

import dev.postern.event.Unprintable;
import tools.jackson.databind.json.JsonMapper;

/// How commands print data for programs.
final class Output {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Output() {}

    /// A stranger's text as it can be shown on a terminal: without what is unprintable.
    static String shown(String text) {
        return Unprintable.replaced(text);
    }

    /// An object as one line of JSON.
    static String json(Object object) {
        return JSON.writeValueAsString(object);
    }
}
