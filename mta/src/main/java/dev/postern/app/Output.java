package dev.postern.app;

import tools.jackson.databind.json.JsonMapper;

/// How commands print data for programs.
final class Output {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Output() {}

    /// A stranger's text as it can be shown on a terminal: without control characters.
    static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}|[\\u0080-\\u009f]", "?");
    }

    /// An object as one line of JSON.
    static String json(Object object) {
        return JSON.writeValueAsString(object);
    }
}
