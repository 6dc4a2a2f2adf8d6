package dev.postern.app;

import tools.jackson.databind.json.JsonMapper;

/// How commands print data for programs.
final class Output {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Output() {}

    /// An object as one line of JSON.
    static String json(Object object) {
        return JSON.writeValueAsString(object);
    }
}
